package io.sluice.standalone.pipeline;

import io.sluice.consumer.ConsumerVerticle;
import io.sluice.management.Check;
import io.sluice.management.Observed;
import io.vertx.core.Future;
import java.util.List;

/** How a consumer is, as far as its status tells. Any thread. */
final class ConsumerHealth implements Observed {
    private final ConsumerVerticle consumer;

    ConsumerHealth(ConsumerVerticle consumer) {
        this.consumer = consumer;
    }

    @Override
    public Future<List<Check>> live() {
        return consumer.status()
                .map(status -> List.of(
                        new Check("event-loop", true, "it turns"),
                        new Check(
                                "stuck",
                                status.live(),
                                status.live() ? "fewer attempts than max-stuck are stuck" : "max-stuck is reached")));
    }

    @Override
    public Future<List<Check>> ready() {
        return consumer.status().map(status -> {
            Throwable cause = consumer.failed().cause();
            return List.of(new Check(
                    "consumer",
                    cause == null,
                    cause == null ? "it owns " + status.partitions() + " partitions" : "it cannot go on"));
        });
    }
}
