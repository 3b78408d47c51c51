package io.sluice.consumer;

import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Looks, before anything is read, whether the broker answers and has the pipeline's topics. Blocks. */
final class TopicCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private TopicCheck() {}

    /** @throws ConsumerFailed if not, with the command that mends it */
    static void run(Settings settings) {
        run(settings, PATIENCE);
    }

    static void run(Settings settings, Duration patience) {
        String broker = settings.kafka().getOrDefault("bootstrap.servers", "(kafka.bootstrap.servers is not set)");
        try {
            requireTopics(broker, settings.topics(), existing(settings, patience));
            // What only these clients check: better refused now than by every write.
            KafkaClients.producer(settings.kafka(), "sluice-check").close(Duration.ZERO);
            KafkaClients.reader(settings.kafka(), "sluice-check").close();
        } catch (TimeoutException e) {
            throw new ConsumerFailed(unreachable(broker, patience), e);
        } catch (ExecutionException e) {
            boolean refused =
                    e.getCause() instanceof AuthorizationException || e.getCause() instanceof AuthenticationException;
            throw new ConsumerFailed(
                    (refused ? "the broker at " + broker + " refuses this client" : unreachable(broker, patience))
                            + " (" + e.getCause() + ")",
                    e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConsumerFailed("the Kafka settings do not work: " + cause.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConsumerFailed("interrupted while the topics were looked up", e);
        }
    }

    private static Set<String> existing(Settings settings, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        Admin admin = KafkaClients.admin(settings.kafka(), "sluice-check");
        try {
            return admin.listTopics().names().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            // Without a limit it waits for the call's own time-out, which is a minute by default.
            admin.close(Duration.ZERO);
        }
    }

    static void requireTopics(String broker, TopicNames topics, Set<String> existing) {
        List<String> missing = new ArrayList<>(List.of(topics.tasks(), topics.results(), topics.deadLetters()));
        missing.removeAll(existing);
        if (!missing.isEmpty()) {
            throw new ConsumerFailed(
                    "the broker at " + broker + " has no topic " + String.join(", ", missing)
                            + ". Create each of them: kafka-topics.sh --bootstrap-server " + broker
                            + " --create --partitions 12 --topic " + missing.get(0),
                    null);
        }
    }

    private static String unreachable(String broker, Duration patience) {
        return "no Kafka broker answers at " + broker + " within " + patience.toSeconds()
                + " s. Start one, or set kafka.bootstrap.servers";
    }
}
