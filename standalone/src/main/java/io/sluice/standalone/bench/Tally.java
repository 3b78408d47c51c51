package io.sluice.standalone.bench;

import io.sluice.standalone.bench.subject.Witness;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Makes figures of what the witness has seen.
 *
 * @param due when the first paced task was due; 0 if none was
 * @param from the first task that counts
 */
record Tally(Plan plan, Witness witness, long due, int from) {
    private static final int DIGITS = 3;
    private static final double MILLION = 1e6;

    Figures figures(String consumer, int consumers) {
        int measured = plan.volume().measured();
        double seconds = seconds();
        double ideal = plan.idealSeconds(consumers);
        boolean isPaced = due > 0;
        boolean hasShare = ideal > 0 && !isPaced && plan.workload() != Workload.CRASH;
        double cpu = witness.cpuSeconds() / measured * 100_000;
        return new Figures(
                plan.workload().toString(),
                consumer,
                new Figures.Speed(consumers, measured, seconds, measured / seconds, hasShare ? ideal / seconds : null),
                new Figures.Cost(
                        plan.workload().course == Workload.Course.BACKLOG ? cpu : null,
                        witness.peakHeap() / (double) (1 << 20)),
                runs(),
                isPaced ? latency() : null);
    }

    private double seconds() {
        if (plan.workload().course == Workload.Course.BACKLOG) {
            return witness.seconds();
        }
        long first = Long.MAX_VALUE;
        long last = 0;
        for (int task = from; task < witness.tasks(); task++) {
            if (witness.ends(task) > 0) {
                first = Math.min(first, witness.startNanos(task));
                last = Math.max(last, witness.endNanos(task));
            }
        }
        return (last - (due > 0 ? due : first)) / 1e9;
    }

    private Figures.Runs runs() {
        long repeats = 0;
        long lost = 0;
        for (int task = 0; task < witness.tasks(); task++) {
            repeats += Math.max(0, witness.starts(task) - 1);
            lost += witness.ends(task) == 0 ? 1 : 0;
        }
        return new Figures.Runs(witness.mostInFlight(), repeats, lost);
    }

    private Figures.@Nullable Latency latency() {
        Histogram nanos = new Histogram(DIGITS);
        for (int task = from; task < witness.tasks(); task++) {
            if (witness.ends(task) > 0 && !plan.work().isSlow(task)) {
                long at = plan.workload() == Workload.SKEW ? witness.endNanos(task) : witness.startNanos(task);
                // From when it was due, not from when it was sent: a load that is held up must not hide that
                // (coordinated omission).
                nanos.recordValue(Math.max(
                        0, at - Load.due(due, task - from, plan.volume().rate())));
            }
        }
        return new Figures.Latency(
                nanos.getValueAtPercentile(50) / MILLION,
                nanos.getValueAtPercentile(99) / MILLION,
                nanos.getValueAtPercentile(99.9) / MILLION,
                nanos.getMaxValue() / MILLION);
    }
}
