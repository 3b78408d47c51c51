package io.sluice.standalone.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement came to. What the workload does not say is null.
 *
 * @param consumer what was measured
 * @param speed how fast it was
 * @param cost what it took
 * @param runs how often tasks ran
 * @param latency how late, in milliseconds: from when a task was due to its start; of {@code skew}, to the end of the tasks that are not slow
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Figures(
        String workload,
        String consumer,
        Speed speed,
        Cost cost,
        Runs runs,
        @Nullable Latency latency) {
    /**
     * @param consumers how many processes
     * @param tasks how many counted
     * @param seconds from the end of the warm-up to the last task's end
     * @param rate tasks a second
     * @param idealShare how full the permits were: 1 would be all of them from beginning to end
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Speed(
            int consumers,
            int tasks,
            double seconds,
            double rate,
            @Nullable Double idealShare) {}

    /**
     * @param cpuSecondsPer100k processor time of the consumer's process for 100,000 tasks
     * @param peakHeapMegabytes the most of its heap that was in use
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cost(@Nullable Double cpuSecondsPer100k, double peakHeapMegabytes) {}

    /**
     * @param mostInFlight the most bodies at once, of all processes
     * @param repeats runs beyond the first, of all tasks
     * @param lost tasks that never ended
     */
    public record Runs(long mostInFlight, long repeats, long lost) {}

    public record Latency(double p50, double p99, double p999, double max) {}

    /** Whether every task ran as often as it should: once, or after a crash at least once, and again only if nobody could know better. */
    public boolean isAsItShould(Plan plan) {
        return runs.lost() == 0
                && runs.repeats() <= plan.mostRepeats()
                && runs.mostInFlight() <= (long) plan.inFlight() * speed.consumers();
    }
}
