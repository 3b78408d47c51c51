package io.sluice.standalone.bench;

import io.sluice.cli.UsageFault;
import io.sluice.standalone.bench.subject.Job;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is measured, and with what unless somebody says otherwise. */
public enum Workload {
    /** Bodies that do nothing: what the machinery costs. */
    NOOP(Course.BACKLOG, Job.Kind.NOOP),
    /** Bodies that wait on a timer. */
    ASYNC(Course.BACKLOG, Job.Kind.TIMER),
    /** Bodies that sleep on a thread. */
    BLOCKING(Course.BACKLOG, Job.Kind.SLEEP),
    /** The same, at a rate, and one in 1000 takes a second. */
    SKEW(Course.PACED, Job.Kind.SLEEP),
    /** Bodies that do nothing, of tasks that come at a rate: how soon they start. */
    LATENCY(Course.PACED, Job.Kind.NOOP),
    /** One key puts in 200,000 tasks at once, then 100 others one a second each: how soon those start. */
    FLOOD(Course.FLOODED, Job.Kind.TIMER),
    /** The process is killed half-way and started again. */
    CRASH(Course.KILLED, Job.Kind.SLEEP),
    /** 1, 2 and 4 processes. */
    FANOUT(Course.SPREAD, Job.Kind.TIMER);

    /** How tasks come, and what happens meanwhile. */
    enum Course {
        /** All are there before the consumer is. */
        BACKLOG,
        /** Half of the warm-up is there before; the others come at a rate. */
        PACED,
        /** Instead of a warm-up there is a flood of one key. */
        FLOODED,
        /** As {@link #BACKLOG}; the consumer is killed half-way. */
        KILLED,
        /** Several consumers, which share the partitions evenly before what is measured comes. */
        SPREAD
    }

    private static final Duration TEN_MILLIS = Duration.ofMillis(10);

    final Course course;
    private final Job.Kind kind;

    Workload(Course course, Job.Kind kind) {
        this.course = course;
        this.kind = kind;
    }

    /** @throws UsageFault if there is none of that name */
    public static Workload named(String name) {
        return Arrays.stream(values())
                .filter(workload -> workload.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UsageFault("there is no workload '" + name + "', but "
                        + Arrays.stream(values()).map(Workload::toString).collect(Collectors.joining(", "))));
    }

    /** As it is measured by default. */
    public Plan plan() {
        return switch (this) {
            case NOOP -> plan(Duration.ZERO, 100, new Plan.Volume(500_000, 1_000_000, 0));
            case ASYNC -> plan(TEN_MILLIS, 500, new Plan.Volume(200_000, 200_000, 0));
            case BLOCKING -> plan(TEN_MILLIS, 100, new Plan.Volume(40_000, 40_000, 0));
            case SKEW -> plan(TEN_MILLIS, 100, new Plan.Volume(20_000, 40_000, 5_000));
            case LATENCY -> plan(Duration.ZERO, 100, new Plan.Volume(40_000, 200_000, 2_000));
            case FLOOD -> plan(TEN_MILLIS, 100, new Plan.Volume(2_000, 200_000, 100));
            case CRASH -> plan(TEN_MILLIS, 100, new Plan.Volume(50_000, 0, 0));
            case FANOUT -> plan(Duration.ofMillis(100), 50, new Plan.Volume(12_000, 2_400, 0));
        };
    }

    private Plan plan(Duration work, int inFlight, Plan.Volume volume) {
        return new Plan(
                this,
                new Job.Work(work, this == SKEW ? 1_000 : 0, Duration.ofSeconds(1)),
                volume,
                new Plan.Form(this == FLOOD ? 100 : 10_000, 200),
                inFlight,
                new Plan.Promises(Duration.ofMillis(100), false));
    }

    boolean isPaced() {
        return course == Course.PACED;
    }

    Job.Kind kind() {
        return kind;
    }

    /** Whether each task's times are kept, too: not where that would cost more than what is measured. */
    boolean isTimed() {
        return this != NOOP;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
