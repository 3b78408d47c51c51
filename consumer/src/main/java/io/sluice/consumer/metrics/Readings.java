package io.sluice.consumer.metrics;

import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.GroupTotals;
import io.sluice.consumer.engine.Measured;
import io.sluice.consumer.engine.MoveCounts;
import io.sluice.consumer.engine.PartitionStatus;
import io.sluice.consumer.engine.TypeStatus;
import io.sluice.record.Failure;
import io.sluice.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one consumer has measured, by name and labels. */
final class Readings {
    private Readings() {}

    /** What grows: since the consumer started. */
    static Map<Series, Double> totals(Measured measured) {
        Map<Series, Double> totals = new LinkedHashMap<>();
        measured.status().types().forEach((name, type) -> ofType(totals, name, type));
        GroupTotals group = measured.totals();
        group.offsets()
                .forEach((topic, offsets) ->
                        totals.put(Series.of("sluice.offsets.committed", "topic", topic), (double) offsets));
        put(totals, "sluice.commits", "outcome", "succeeded", group.commits());
        put(totals, "sluice.commits", "outcome", "failed", group.failedCommits());
        put(totals, "sluice.rebalances", "kind", "assigned", group.rebalances().assigned());
        put(totals, "sluice.rebalances", "kind", "revoked", group.rebalances().revoked());
        put(totals, "sluice.rebalances", "kind", "lost", group.rebalances().lost());
        MoveCounts moves = measured.status().moves();
        put(totals, "sluice.moves", "kind", "delay", moves.delayed());
        put(totals, "sluice.moves", "kind", "overflow", moves.overflowed());
        put(totals, "sluice.moves", "kind", "stray", moves.strays());
        put(totals, "sluice.moves", "kind", "duplicate", moves.duplicates());
        return totals;
    }

    private static void ofType(Map<Series, Double> totals, String name, TypeStatus type) {
        TypeStatus.Outcomes outcomes = type.attempts().outcomes();
        outcome(totals, name, "succeeded", outcomes.succeeded());
        outcome(totals, name, "failed", outcomes.failed());
        outcome(totals, name, "timed_out", outcomes.timedOut());
        outcome(totals, name, "cancelled", outcomes.cancelled());
        put(totals, "sluice.retries", "type", name, type.attempts().retries());
        put(totals, "sluice.timeouts", "type", name, type.attempts().timeouts());
        put(totals, "sluice.tasks.settled", "type", name, type.settled());
        // What a series has grown by can be told only from the second scrape on: each is there before its first dead
        // letter.
        Failure.REASONS.forEach(reason -> deadLetters(totals, name, reason, 0));
        type.deadLetters().forEach((reason, letters) -> deadLetters(totals, name, reason, letters));
    }

    private static void deadLetters(Map<Series, Double> totals, String type, String reason, long letters) {
        totals.put(Series.of("sluice.dead.letters", "type", type, "reason", reason), (double) letters);
    }

    private static void outcome(Map<Series, Double> totals, String type, String outcome, long attempts) {
        totals.put(Series.of("sluice.attempts", "type", type, "outcome", outcome), (double) attempts);
    }

    private static void put(Map<Series, Double> readings, String name, String label, String value, long number) {
        readings.put(Series.of(name, label, value), (double) number);
    }

    /** What is so now. */
    static Map<Series, Double> levels(Measured measured, Settings settings, long nowMillis) {
        Map<Series, Double> levels = new LinkedHashMap<>();
        ConsumerStatus status = measured.status();
        status.types().forEach((name, type) -> {
            put(levels, "sluice.tasks.in.flight", "type", name, type.inFlight());
            put(levels, "sluice.attempts.stuck", "type", name, type.stuck());
            int most = settings.type(name).maxInFlight();
            put(levels, "sluice.type.permits.free", "type", name, most - type.inFlight());
        });
        levels.put(Series.of("sluice.tasks.waiting"), (double) status.waiting());
        levels.put(Series.of("sluice.tasks.backing.off"), (double) status.backingOff());
        levels.put(Series.of("sluice.tasks.settling"), (double) status.settling());
        levels.put(Series.of("sluice.tasks.due"), (double) status.tasks().due());
        levels.put(Series.of("sluice.tasks.delayed"), (double) measured.partitions().stream()
                .mapToLong(PartitionStatus::resting)
                .sum());
        int permits = settings.consumer().limits().maxInFlight();
        levels.put(Series.of("sluice.permits.free"), (double) (permits - status.inFlight()));
        levels.put(Series.of("sluice.partitions.owned"), (double) status.partitions());
        levels.put(Series.of("sluice.scaling.backlog").in("tasks"), (double) measured.scalingBacklog());
        measured.partitions().forEach(partition -> ofPartition(levels, partition, nowMillis));
        return levels;
    }

    private static void ofPartition(Map<Series, Double> levels, PartitionStatus status, long nowMillis) {
        String[] labels = {
            "topic",
            status.partition().topic(),
            "partition",
            String.valueOf(status.partition().partition())
        };
        if (status.lag() >= 0) {
            levels.put(Series.of("sluice.partition.lag", labels).in("records"), (double) status.lag());
        }
        levels.put(Series.of("sluice.partition.uncommitted.span", labels).in("records"), (double) status.span());
        double age = status.oldestMillis() < 0 ? 0 : Math.max(0, nowMillis - status.oldestMillis()) / 1_000.0;
        levels.put(Series.of("sluice.partition.oldest.unsettled.age", labels).in("seconds"), age);
    }
}
