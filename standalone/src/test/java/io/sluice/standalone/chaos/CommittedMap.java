package io.sluice.standalone.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a commit says of one partition, read by the drawing of its format alone: everything below the offset is settled, and
 * everything from there up to the end that is in neither bitmap.
 */
record CommittedMap(long offset, long end, RoaringBitmap unsettled) {
    static CommittedMap of(OffsetAndMetadata commit) {
        long offset = commit.offset();
        if (commit.metadata().isEmpty()) {
            return new CommittedMap(offset, offset, new RoaringBitmap());
        }
        ByteBuffer bytes =
                ByteBuffer.wrap(Base64.getDecoder().decode(commit.metadata())).order(ByteOrder.LITTLE_ENDIAN);
        byte version = bytes.get();
        long base = varint(bytes);
        long length = varint(bytes);
        if (version != 1 || base != offset) {
            throw new IllegalStateException("version " + version + ", made for offset " + base + " and not " + offset);
        }
        RoaringBitmap unsettled = new RoaringBitmap();
        try {
            // Single ones, then runs.
            while (bytes.hasRemaining()) {
                RoaringBitmap part = new RoaringBitmap();
                part.deserialize(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
                bytes.position(bytes.position() + part.serializedSizeInBytes());
                unsettled.or(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CommittedMap(offset, offset + length, unsettled);
    }

    boolean isSettled(long at) {
        return at < offset || (at < end && !unsettled.contains((int) (at - offset)));
    }

    private static long varint(ByteBuffer from) {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }
}
