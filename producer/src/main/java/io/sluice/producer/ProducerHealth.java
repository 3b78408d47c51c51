package io.sluice.producer;

import io.sluice.kafka.BrokerWatch;
import io.sluice.management.Check;
import io.sluice.producer.client.Tasks;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Whether a producer can take tasks in. Event loop. */
final class ProducerHealth {
    /** How long a broker may acknowledge nothing while tasks wait for it. */
    private static final Duration ACKNOWLEDGES = Duration.ofSeconds(10);

    private final BrokerWatch broker;
    private final Tasks tasks;

    ProducerHealth(BrokerWatch broker, Tasks tasks) {
        this.broker = broker;
        this.tasks = tasks;
    }

    Future<List<Check>> ready(Check http) {
        return broker.check().map(answers -> List.of(http, acknowledges(answers), buffer()));
    }

    /** Answering and writing are two things: a disk may be full, or too few replicas there. */
    private Check acknowledges(Check answers) {
        Duration silence = tasks.unacknowledgedFor();
        if (!answers.ok() || silence.compareTo(ACKNOWLEDGES) <= 0) {
            return answers;
        }
        return new Check(
                answers.name(),
                false,
                "it has acknowledged nothing for " + silence.toSeconds() + " s, while " + tasks.unacknowledged()
                        + " tasks wait for it");
    }

    private Check buffer() {
        return new Check(
                "buffer",
                tasks.hasRoom(),
                tasks.unacknowledged() + " tasks with " + tasks.unacknowledgedBytes() + " bytes wait for the broker"
                        + (tasks.hasRoom() ? "" : "; more are refused"));
    }
}
