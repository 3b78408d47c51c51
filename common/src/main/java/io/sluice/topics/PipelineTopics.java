package io.sluice.topics;

import io.sluice.kafka.BootstrapServers;
import io.sluice.kafka.KafkaClients;
import io.sluice.kafka.NotLetIn;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The topics of a pipeline on a broker: looks whether they are as they must be, and creates them. One thread, never an event
 * loop; every call blocks, and fails with {@link TopicsFailed}.
 */
public final class PipelineTopics implements AutoCloseable {
    /** Of each topic but the control topic, if nobody says how many. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** How long a broker that is asked may take to answer. */
    public static final Duration PATIENCE = Duration.ofSeconds(15);

    /** The same for a broker that has just started, on a machine that may be busy. */
    private static final Duration STARTING = Duration.ofSeconds(60);

    private static final String PLAINTEXT = "PLAINTEXT";

    private final Settings settings;
    private final Duration patience;
    private final Mending mending;
    private final Admin admin;

    private PipelineTopics(Settings settings, Duration patience, Admin admin) {
        this.settings = settings;
        this.patience = patience;
        this.mending = new Mending(
                broker(settings),
                !settings.kafka()
                        .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, PLAINTEXT)
                        .equalsIgnoreCase(PLAINTEXT));
        this.admin = admin;
    }

    /**
     * Connects to the broker of the settings.
     *
     * @throws TopicsFailed when the settings cannot be a client's; not when no broker answers
     */
    public static PipelineTopics open(Settings settings, String clientId, Duration patience) {
        try {
            return new PipelineTopics(settings, patience, KafkaClients.admin(settings.kafka(), clientId));
        } catch (KafkaException e) {
            throw new TopicsFailed(unusable(e), e);
        }
    }

    /**
     * Waits until something listens at the broker of the settings, then connects to it: where nothing does, that is all that
     * a person is told.
     *
     * @throws TopicsFailed when nothing listens for so long, or the settings cannot be a client's
     */
    public static PipelineTopics reach(Settings settings, String clientId, Duration patience) {
        BootstrapServers.awaitListening(broker(settings), patience).ifPresent(reason -> {
            throw new TopicsFailed(unreachable(broker(settings), patience, " (" + reason + ")"), null);
        });
        return open(settings, clientId, patience);
    }

    /** What Kafka says of settings that it makes no client of. */
    public static String unusable(KafkaException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return "the Kafka settings do not work: " + cause.getMessage();
    }

    /**
     * Creates the topics that are missing; returns when the broker takes and gives records of every partition of all.
     *
     * @param partitions of each, if none of those that consumers read is there; else as many as these have
     */
    public static void create(Settings settings, int partitions) {
        try (PipelineTopics topics = open(settings, "sluice-topics", STARTING)) {
            topics.create(partitions, null);
            new TopicCreation(topics.admin).awaitReady(settings.topics().all());
        }
    }

    /** The client that it asks with, for other questions. It is closed with this. */
    public Admin admin() {
        return admin;
    }

    /** Looks at what a consumer depends on. */
    public TopicReport checkForConsumer() {
        return ask(look -> {
            Map<String, TopicState> found = look.topics(settings.topics().all());
            return new TopicReport(mending.broker(), found, TopicFaults.in(mending, settings.topics(), found));
        });
    }

    /** Looks at everything. */
    public TopicReport check() {
        return ask(look -> {
            Map<String, TopicState> found = look.topics(settings.topics().all());
            List<Finding> findings = new ArrayList<>(TopicFaults.in(mending, settings.topics(), found));
            findings.addAll(ReplicationFindings.in(mending, found, look.brokers()));
            findings.addAll(SizeFindings.in(mending, settings.topics(), found));
            return new TopicReport(mending.broker(), found, findings);
        });
    }

    /**
     * Creates the topics that are missing, alike those that are there; returns when the broker takes and gives records of
     * every partition of the new ones.
     *
     * @param partitions of each, if none of those that consumers read is there
     * @param replication on how many brokers each is kept; null for as many as those that are there, or else the broker's own
     * @return the new ones
     */
    public List<String> create(int partitions, @Nullable Integer replication) {
        Map<String, TopicState> found =
                ask(look -> look.topics(settings.topics().all()));
        List<TopicPlan> missing = TopicPlan.alike(
                        settings.topics(), found, partitions, replication == null ? TopicPlan.BROKERS_OWN : replication)
                .stream()
                .filter(plan -> !found.containsKey(plan.name()))
                .toList();
        List<String> names = missing.stream().map(TopicPlan::name).toList();
        if (!names.isEmpty()) {
            TopicCreation creation = new TopicCreation(admin);
            creation.create(missing);
            creation.awaitReady(names);
        }
        return names;
    }

    private interface Question<T> {
        T ask(TopicLook look) throws InterruptedException, ExecutionException, TimeoutException;
    }

    private <T> T ask(Question<T> question) {
        try {
            return question.ask(new TopicLook(admin, System.nanoTime() + patience.toNanos()));
        } catch (TimeoutException e) {
            throw new TopicsFailed(unreachable(), e);
        } catch (ExecutionException e) {
            String notLetIn = NotLetIn.why(mending.broker(), e.getCause());
            throw new TopicsFailed(notLetIn == null ? unreachable() + " (" + e.getCause() + ")" : notLetIn, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TopicsFailed("interrupted while the topics were looked up", e);
        }
    }

    private String unreachable() {
        return unreachable(mending.broker(), patience, "");
    }

    private static String unreachable(String broker, Duration patience, String reason) {
        return "no Kafka broker answers at " + broker + " within " + patience.toSeconds() + " s" + reason
                + ". Start one, or set kafka.bootstrap.servers";
    }

    private static String broker(Settings settings) {
        return settings.kafka().getOrDefault("bootstrap.servers", "(kafka.bootstrap.servers is not set)");
    }

    @Override
    public void close() {
        // Without a limit it waits for the call's own time-out, which is a minute by default.
        admin.close(Duration.ZERO);
    }
}
