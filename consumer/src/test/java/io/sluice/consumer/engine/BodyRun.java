package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What became of one task that was run with a handler's body.
 *
 * @param result the value of the result that was written; null if there was none
 * @param reason why it is a dead letter; null if it is not
 * @param message what the dead letter says
 * @param deadLetter its value
 */
public record BodyRun(
        @Nullable String result,
        @Nullable String reason,
        @Nullable String message,
        @Nullable String deadLetter) {
    /** Runs a task with that payload, blocking calls included, until it is settled or backs off. */
    public static BodyRun of(TaskType.Body body, @Nullable String payload) {
        Bench bench = new Bench(new Limits(1, 1), TestSettings.type(1), body);
        bench.feed(bench.partition(0), TaskRecord.at(0).value(payload));
        while (bench.workers.queued() > 0) {
            bench.workers.runNext();
            bench.loop.runAll();
        }
        if (bench.deadLetters().isEmpty()) {
            return new BodyRun(
                    bench.results().isEmpty()
                            ? null
                            : Bench.text(bench.results().get(0)),
                    null,
                    null,
                    null);
        }
        ProducerRecord<byte[], byte[]> deadLetter = bench.deadLetters().get(0);
        return new BodyRun(
                null,
                Bench.header(deadLetter, "sluice-reason"),
                Bench.header(deadLetter, "kafka_dlt-exception-message"),
                deadLetter.value() == null ? null : Bench.text(deadLetter));
    }
}
