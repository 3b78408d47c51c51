package io.sluice.standalone.bench.subject;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Counts what runs, in a file that every process of a measurement maps, so that nothing is forgotten when one of them is killed. Any thread,
 * any process of this machine.
 *
 * <pre>
 *   header     256 bytes: what is counted of all tasks, a long each, 8 bytes apart
 *   a task     16 bits of ends │ 16 bits of starts       an int each, when only counted
 *              8 bytes more each: the first start, the first end    when timed: nanoseconds since the file was made
 * </pre>
 *
 * <p>Times are those of {@link System#nanoTime}, which on Linux, macOS and Windows is one clock for all processes of a machine.
 */
public final class Witness {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int HEADER = 256;
    private static final int TASKS = 0;
    private static final int TIMED = 8;
    private static final int EPOCH = 16;
    private static final int WARM_UP = 24;
    private static final int STARTED = 32;
    private static final int ENDED = 40;
    private static final int IN_FLIGHT = 48;
    private static final int MOST_IN_FLIGHT = 56;
    private static final int WARM_NANOS = 64;
    private static final int LAST_NANOS = 72;
    private static final int WARM_CPU = 80;
    private static final int LAST_CPU = 88;
    private static final int PEAK_HEAP = 96;
    private static final int HURRY = 104;
    private static final int ONE_END = 1 << 16;
    private static final int TIMED_SIZE = 24;
    private static final long SHORTEST_MILLIS = 1;

    /** Not of its own class, MappedByteBuffer, by which the handles' calls would be slow ones. */
    private final ByteBuffer file;

    private final int tasks;
    private final boolean timed;
    private final long epoch;
    private final long warmUp;

    private Witness(ByteBuffer file) {
        this.file = file;
        this.tasks = (int) get(TASKS);
        this.timed = get(TIMED) != 0;
        this.epoch = get(EPOCH);
        this.warmUp = get(WARM_UP);
    }

    /**
     * Makes the file.
     *
     * @param tasks how many tasks there are, numbered from 0
     * @param timed whether each one's start and end is to be kept, too
     * @param warmUp how many ends the measured time begins after; 0 if it begins with the first start
     */
    public static Witness create(Path path, int tasks, boolean timed, int warmUp) throws IOException {
        long size = HEADER + (long) tasks * (timed ? TIMED_SIZE : Integer.BYTES);
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.nativeOrder());
            header.putLong(TASKS, tasks)
                    .putLong(TIMED, timed ? 1 : 0)
                    .putLong(EPOCH, System.nanoTime())
                    .putLong(WARM_UP, warmUp);
            channel.write(header);
            channel.write(ByteBuffer.allocate(1), size - 1);
            return new Witness(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
        }
    }

    /** Maps a file that another process has made. */
    public static Witness open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new Witness(channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size()));
        }
    }

    /**
     * A task's body begins.
     *
     * @throws IllegalArgumentException if there is no such task; nothing is counted then
     */
    public void started(int task) {
        int counts = counts(task);
        if (begins() && warmUp == 0) {
            LONG.compareAndSet(file, WARM_NANOS, 0L, now());
            LONG.compareAndSet(file, WARM_CPU, 0L, ProcessFigures.cpuNanos());
        }
        int unused = (int) INT.getAndAdd(file, counts, 1);
        if (timed) {
            LONG.compareAndSet(file, counts + 8, 0L, now());
        }
        long now = (long) LONG.getAndAdd(file, IN_FLIGHT, 1L) + 1;
        long most = get(MOST_IN_FLIGHT);
        while (now > most && !LONG.compareAndSet(file, MOST_IN_FLIGHT, most, now)) {
            most = get(MOST_IN_FLIGHT);
        }
    }

    private boolean begins() {
        return (long) LONG.getAndAdd(file, STARTED, 1L) == 0;
    }

    /**
     * Its body has ended, well or not.
     *
     * @throws IllegalArgumentException if there is no such task; nothing is counted then
     */
    public void ended(int task) {
        int counts = counts(task);
        if (timed) {
            LONG.compareAndSet(file, counts + 16, 0L, now());
        }
        long unusedBefore = (long) LONG.getAndAdd(file, IN_FLIGHT, -1L);
        int unused = (int) INT.getAndAdd(file, counts, ONE_END);
        long ended = (long) LONG.getAndAdd(file, ENDED, 1L) + 1;
        if (ended == warmUp) {
            LONG.setVolatile(file, WARM_CPU, ProcessFigures.cpuNanos());
            LONG.setVolatile(file, WARM_NANOS, now());
        } else if (ended == tasks) {
            LONG.setVolatile(file, LAST_CPU, ProcessFigures.cpuNanos());
            LONG.setVolatile(file, LAST_NANOS, now());
        }
    }

    private int counts(int task) {
        if (task < 0 || task >= tasks) {
            throw new IllegalArgumentException("there is no task " + task);
        }
        return HEADER + task * (timed ? TIMED_SIZE : Integer.BYTES);
    }

    /** From here on bodies take no longer than they must: all has been measured, and the rest is only counted. */
    public void hurry() {
        LONG.setVolatile(file, HURRY, 1L);
    }

    /** How long the task's body is to take if it begins now. */
    public long millisOf(Job.Work work, int task) {
        return get(HURRY) == 0 ? work.millisOf(task) : Math.min(SHORTEST_MILLIS, work.millisOf(task));
    }

    /** What a process of the measurement says of itself before it ends. */
    public void peakHeap(long bytes) {
        long known = get(PEAK_HEAP);
        while (bytes > known && !LONG.compareAndSet(file, PEAK_HEAP, known, bytes)) {
            known = get(PEAK_HEAP);
        }
    }

    private long get(int place) {
        return (long) LONG.getVolatile(file, place);
    }

    /** Nanoseconds since the file was made; never 0. */
    public long now() {
        return Math.max(1, System.nanoTime() - epoch);
    }

    public int tasks() {
        return tasks;
    }

    /** Ends of bodies so far, repeats included. */
    public long ended() {
        return get(ENDED);
    }

    public long mostInFlight() {
        return get(MOST_IN_FLIGHT);
    }

    /** A process was killed: what ran in it runs no more. */
    public void noneInFlight() {
        LONG.setVolatile(file, IN_FLIGHT, 0L);
    }

    /** The largest heap that any of the processes has had, in bytes; 0 before one has ended. */
    public long peakHeap() {
        return get(PEAK_HEAP);
    }

    /** From the end of the warm-up to the end of as many bodies as there are tasks; 0 before that. */
    public double seconds() {
        long last = get(LAST_NANOS);
        return last == 0 ? 0 : (last - get(WARM_NANOS)) / 1e9;
    }

    /** Processor time in that time of the one process that there was; without meaning if there were several. */
    public double cpuSeconds() {
        return (get(LAST_CPU) - get(WARM_CPU)) / 1e9;
    }

    /** How often the task's body has begun. */
    public int starts(int task) {
        return (int) INT.getVolatile(file, counts(task)) & 0xffff;
    }

    /** How often it has ended. */
    public int ends(int task) {
        return (int) INT.getVolatile(file, counts(task)) >>> 16;
    }

    /** When it first began, as {@link #now} says it; 0 if it has not. */
    public long startNanos(int task) {
        return timed ? get(counts(task) + 8) : 0;
    }

    /** When it first ended; 0 if it has not. */
    public long endNanos(int task) {
        return timed ? get(counts(task) + 16) : 0;
    }
}
