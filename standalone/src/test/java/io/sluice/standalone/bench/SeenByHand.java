package io.sluice.standalone.bench;

import io.sluice.standalone.bench.subject.Witness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A witness of what a test says has happened, at the times that it says: written where {@link Witness} draws them. */
final class SeenByHand {
    private static final int HEADER = 256;
    private static final int TASK = 24;

    private final Path file;
    private final Witness witness;

    private SeenByHand(Path file, Witness witness) {
        this.file = file;
        this.witness = witness;
    }

    /** Of timed tasks. */
    static SeenByHand in(Path folder, int tasks) throws IOException {
        Path file = folder.resolve("witness");
        return new SeenByHand(file, Witness.create(file, tasks, true, 0));
    }

    Witness witness() {
        return witness;
    }

    /** Once, well. */
    SeenByHand ran(int task, Duration start, Duration end) throws IOException {
        return counted(task, 1, 1)
                .write(HEADER + task * TASK + 8, start.toNanos())
                .write(HEADER + task * TASK + 16, end.toNanos());
    }

    /** As often, at whatever times. */
    SeenByHand counted(int task, int starts, int ends) throws IOException {
        ByteBuffer counts = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        return write(HEADER + task * TASK, counts.putInt(0, ends << 16 | starts));
    }

    SeenByHand mostInFlight(long most) throws IOException {
        return write(56, most);
    }

    /** From the end of the warm-up to the last end. */
    SeenByHand measured(Duration from, Duration to) throws IOException {
        return write(64, from.toNanos()).write(72, to.toNanos());
    }

    SeenByHand cpu(Duration from, Duration to) throws IOException {
        return write(80, from.toNanos()).write(88, to.toNanos());
    }

    private SeenByHand write(int place, long value) throws IOException {
        return write(
                place,
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(0, value));
    }

    private SeenByHand write(int place, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int unused = channel.write(bytes, place);
        }
        return this;
    }
}
