package io.sluice.consumer.command;

import io.sluice.consumer.ConsumerVerticle;
import io.sluice.consumer.engine.Stall;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What holds back the commits of the consumers of a process, for whoever looks from outside. Immutable.
 *
 * @param stalled the first unsettled task of each topic's partition that has any, the oldest first
 */
record StallReport(List<Line> stalled) {
    /** One of them. Its age is since it was read. */
    record Line(
            String topic,
            int partition,
            long offset,
            String task,
            String type,
            @Nullable String key,
            int attempt,
            double ageSeconds,
            String state) {
        static Line of(Stall stall) {
            return new Line(
                    stall.partition().topic(),
                    stall.partition().partition(),
                    stall.offset(),
                    stall.task().id(),
                    stall.task().type(),
                    stall.task().key(),
                    stall.attempts(),
                    stall.age().toMillis() / 1_000.0,
                    stall.state().name().toLowerCase(Locale.ROOT));
        }
    }

    /** Any thread. */
    static Future<StallReport> of(List<ConsumerVerticle> consumers) {
        return Future.all(consumers.stream().map(ConsumerVerticle::stalled).toList())
                .map(all -> new StallReport(all.<List<Stall>>list().stream()
                        .flatMap(List::stream)
                        .sorted((one, other) -> other.age().compareTo(one.age()))
                        .map(Line::of)
                        .toList()));
    }
}
