package io.sluice.consumer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

/**
 * What is settled of a topic partition past its committed offset, as the commit's metadata says it. From the committed
 * offset up to {@link #end}, every offset that is not in the bitmap is settled; nothing is known of what lies behind.
 *
 * <pre>
 *  committed                                    end      position
 *     ▼                                          ▼          ▼
 *    [10]  ✓  ✓  [13] [14]  ✓  ✓  ✓  [18]  ✓  ✓ [21] [22] [23]
 *     └──── bitmap: 0, 3, 4, 8 ──────────────┘    └─ not in it: they have not been begun, for all it says
 *
 *  metadata = base64 without padding, of
 *    byte      version, 1
 *    varint    the committed offset; with another one the map is of something else, a mirrored group's for instance
 *    varint    end − committed offset
 *    bytes     RoaringBitmap, portable format: unsettled offsets − committed offset, as unsigned 32-bit numbers
 *    bytes     another one, if there are any in runs of three and more: those, which the first does not have then
 *
 *  varint = seven bits a byte, the lowest first, the top bit says that more follow (LEB128)
 * </pre>
 *
 * <p>The broker takes 4,096 characters ({@code offset.metadata.max.bytes}). What does not fit is cut off at the top: its
 * tasks may run again after a crash, nothing worse. Immutable.
 */
final class OffsetMap {
    /** As many bytes as 4,096 characters of base64 can hold. */
    static final int MOST_BYTES = 3_072;

    private static final byte VERSION = 1;
    private static final long LONGEST_SPAN = 0xFFFF_FFFFL;

    /** More than a window ever holds. A few bytes that are not ours could stand for millions. */
    private static final int MOST_UNSETTLED = 1_000_000;

    /** Longer metadata is not ours, and not worth decoding. */
    private static final int LONGEST_METADATA = 4 * MOST_BYTES;

    private final long base;
    private final long end;
    private final RoaringBitmap unsettled;
    private final boolean cut;

    private OffsetMap(long base, long end, RoaringBitmap unsettled, boolean cut) {
        this.base = base;
        this.end = end;
        this.unsettled = unsettled;
        this.cut = cut;
    }

    /** Knows nothing past the committed offset. */
    static OffsetMap none(long base) {
        return new OffsetMap(base, base, new RoaringBitmap(), false);
    }

    /**
     * The map of the unsettled offsets between the committed offset and the position.
     *
     * @param base the offset to commit
     * @param offsets ascending, from the base on; read up to the count
     * @param position everything below it that is not among the offsets is settled
     */
    static OffsetMap of(long base, long[] offsets, int count, long position) {
        int kept = count;
        long end = position;
        // What has not been begun by all it says need not be said. A delay tier's held tasks cost nothing for that.
        while (kept > 0 && offsets[kept - 1] == end - 1) {
            kept--;
            end--;
        }
        RoaringBitmap unsettled = new RoaringBitmap();
        MapSize size = new MapSize();
        int next;
        for (int first = 0; first < kept; first = next) {
            next = first + 1;
            while (next < kept && offsets[next] == offsets[next - 1] + 1) {
                next++;
            }
            long from = offsets[first] - base;
            long to = offsets[next - 1] + 1 - base;
            size.add(from, to);
            if (to > LONGEST_SPAN || size.bytes() > MOST_BYTES) {
                return new OffsetMap(base, Math.min(offsets[first], base + LONGEST_SPAN), unsettled, true);
            }
            unsettled.add(from, to);
        }
        return new OffsetMap(base, Math.min(end, base + LONGEST_SPAN), unsettled, end - base > LONGEST_SPAN);
    }

    /**
     * Reads what was committed with the offset.
     *
     * @param metadata whatever is there, perhaps by another tool
     * @return null if it is not a map of this offset
     */
    static @Nullable OffsetMap read(long base, @Nullable String metadata) {
        if (metadata == null || metadata.isEmpty()) {
            return none(base);
        }
        if (metadata.length() > LONGEST_METADATA) {
            return null;
        }
        try {
            OffsetMap map = decode(ByteBuffer.wrap(Base64.getDecoder().decode(metadata)));
            // The bitmap's own reader takes much that is none: what would not be written so has not been.
            return map != null && map.base == base && map.metadata().equals(metadata) ? map : null;
        } catch (RuntimeException | IOException notOurs) {
            return null;
        }
    }

    private static @Nullable OffsetMap decode(ByteBuffer bytes) throws IOException {
        if (bytes.get() != VERSION) {
            return null;
        }
        long base = readVarint(bytes);
        long length = readVarint(bytes);
        RoaringBitmap unsettled = readBitmap(bytes);
        if (bytes.hasRemaining()) {
            unsettled.or(readBitmap(bytes));
        }
        boolean valid = base >= 0
                && length >= 0
                && length <= LONGEST_SPAN
                && unsettled.getLongCardinality() <= MOST_UNSETTLED
                && (unsettled.isEmpty() || Integer.toUnsignedLong(unsettled.last()) < length);
        return valid ? new OffsetMap(base, base + length, unsettled, false) : null;
    }

    private static RoaringBitmap readBitmap(ByteBuffer from) throws IOException {
        RoaringBitmap bitmap = new RoaringBitmap();
        bitmap.deserialize(from.slice().order(ByteOrder.LITTLE_ENDIAN));
        if (!bitmap.validate()) {
            throw new IOException("not a bitmap");
        }
        from.position(from.position() + bitmap.serializedSizeInBytes());
        return bitmap;
    }

    /** As the class draws it; empty if it knows nothing. At most 4,096 characters. */
    String metadata() {
        if (end == base) {
            return "";
        }
        RoaringBitmap single = new RoaringBitmap();
        RoaringBitmap inRuns = new RoaringBitmap();
        long to;
        for (long from = unsettled.nextValue(0); from >= 0; from = unsettled.nextValue((int) to)) {
            to = unsettled.nextAbsentValue((int) from);
            if (to - from >= MapSize.SHORTEST_RUN) {
                inRuns.add(from, to);
            } else {
                // One by one: a bitmap that is given a range may keep it as a run, which is longer.
                single.add((int) from);
                single.add((int) to - 1);
            }
        }
        inRuns.runOptimize();
        ByteBuffer bytes = ByteBuffer.allocate(
                        MapSize.LONGEST_HEAD + single.serializedSizeInBytes() + inRuns.serializedSizeInBytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(VERSION);
        writeVarint(bytes, base);
        writeVarint(bytes, end - base);
        single.serialize(bytes);
        if (!inRuns.isEmpty()) {
            inRuns.serialize(bytes);
        }
        return Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));
    }

    /** Whether it says that the offset is settled. */
    boolean isSettled(long offset) {
        return offset >= base && offset < end && !unsettled.contains((int) (offset - base));
    }

    /** What lies at or above it is unknown. */
    long end() {
        return end;
    }

    /** Whether it says less than it was given, for want of room. */
    boolean isCut() {
        return cut;
    }

    /** How many offsets of the range are not known to be settled. */
    long unsettled(long from, long to) {
        long known = Math.min(to, end);
        long inMap = known <= from ? 0 : unsettled.rangeCardinality(from - base, known - base);
        return inMap + Math.max(0, to - Math.max(from, end));
    }

    /** The first offset that is not known to be settled. */
    long firstUnsettled() {
        return unsettled.isEmpty() ? end : base + Integer.toUnsignedLong(unsettled.first());
    }

    /** The unsettled offsets from there on that it names. */
    long[] from(long offset) {
        if (offset >= end) {
            return new long[0];
        }
        long[] found = new long[unsettled.getCardinality()];
        int count = 0;
        for (IntIterator each = unsettled.getIntIterator(); each.hasNext(); ) {
            long at = base + Integer.toUnsignedLong(each.next());
            if (at >= offset) {
                found[count++] = at;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /**
     * Counts what a map has to say of the unsettled offsets from there on.
     *
     * @param base of that map
     */
    void count(MapSize size, long offset, long base) {
        long from = unsettled.nextValue((int) Math.max(0, offset - this.base));
        while (from >= 0) {
            long to = unsettled.nextAbsentValue((int) from);
            size.add(this.base + from - base, this.base + to - base);
            from = unsettled.nextValue((int) to);
        }
    }

    private static void writeVarint(ByteBuffer to, long number) {
        long rest = number;
        while (rest >>> 7 != 0) {
            to.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.put((byte) rest);
    }

    private static long readVarint(ByteBuffer from) {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = from.get();
            number |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }
}
