package io.sluice.standalone;

import io.sluice.cli.Waiting;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.command.PauseRecords;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.handler.Handles;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.submit.Submission;
import io.sluice.record.NewTask;
import io.sluice.record.Pause;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A pipeline for end-to-end tests of handlers: on a real broker, on topics and in a group of its own.
 *
 * <pre>{@code
 * try (TestPipeline pipeline = TestPipeline.open(Map.of("SLUICE_TYPES_THUMBNAIL_TIMEOUT", "2s"))) {
 *     pipeline.consume(2, () -> List.of(new Thumbnail()));
 *     List<TaskResult> results = pipeline.run(List.of(NewTask.of("1", "thumbnail", "customer-7", json)));
 * }
 * }</pre>
 *
 * <p>Vert.x's blocked-thread checker warns of an event loop that is blocked for a second. One thread, never an event
 * loop's; every call blocks but {@link #submit}. Each fails after a minute rather than wait for ever.
 */
public final class TestPipeline implements AutoCloseable {
    /** Of each of its topics, which come and go with every test: enough for a few consumers. */
    public static final int PARTITIONS = 4;

    /** The system property that names a broker of yours, in place of the embedded one: {@code localhost:9092}. */
    public static final String BROKER = "sluice.test.bootstrap-servers";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Settings settings;
    private final Vertx vertx = Vertx.vertx();
    private final Tasks tasks;
    private final TopicRecords records;
    private final TestConsumers consumers;
    private final Set<Submission> open = ConcurrentHashMap.newKeySet();

    private TestPipeline(Settings settings) {
        this.settings = settings;
        this.consumers = new TestConsumers(settings, PARTITIONS, PATIENCE);
        this.tasks = Tasks.open(vertx, settings);
        this.records = new TopicRecords(settings);
    }

    /**
     * Opens one on the broker that the property {@value #BROKER} names; without it on an embedded one, which all tests of
     * the JVM share and which ends with it.
     */
    public static TestPipeline open(Map<String, String> variables) {
        String given = System.getProperty(BROKER);
        return open(given == null ? Shared.BROKER.bootstrapServers() : given, variables);
    }

    /**
     * Opens one on a broker of yours.
     *
     * @param variables settings, as {@code SLUICE_…} environment variables say them
     */
    public static TestPipeline open(String bootstrapServers, Map<String, String> variables) {
        String topic = "test-" + UUID.randomUUID();
        Map<String, String> environment = new HashMap<>(
                Map.of("SLUICE_TOPIC", topic, "SLUICE_CONSUMER_GROUP", topic, "SLUICE_PRODUCER_PORT", "0"));
        environment.put("SLUICE_KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        environment.putAll(variables);
        Settings settings = SettingsLoader.load(null, environment);
        PipelineTopics.create(settings, PARTITIONS);
        return new TestPipeline(settings);
    }

    public Settings settings() {
        return settings;
    }

    /**
     * Starts consumers on a Vert.x of their own, as in a process of their own, and waits until the partitions are shared
     * among all consumers there are.
     *
     * @param handlers makes each consumer's own
     */
    public LocalPipeline consume(int count, Supplier<? extends Collection<? extends Handles<?, ?>>> handlers) {
        return consumers.add(count, handlers);
    }

    /** Stops consumers in an orderly way, and waits until those that are left have their partitions. */
    public DrainAccount stop(LocalPipeline leaving) {
        return consumers.remove(leaving);
    }

    /** Submits tasks; completes with their results when all are settled. Never does for a type without results. */
    public Future<List<TaskResult>> submit(List<NewTask> some) {
        List<TaskResult> results = new ArrayList<>();
        return Submission.open(vertx, settings, tasks, results::addAll).compose(submission -> {
            open.add(submission);
            return submission
                    .submit(some)
                    .compose(taken -> submission.join())
                    .eventually(submission::close)
                    .compose(joined -> submission.state().refused() == 0
                            ? Future.succeededFuture(List.copyOf(results))
                            : Future.failedFuture(submission.state().refusal()));
        });
    }

    /** Submits tasks and waits for their results, which come in the order in which they were settled. */
    public List<TaskResult> run(List<NewTask> some) {
        return result(submit(some));
    }

    /** What the future completes with. */
    public <T> T result(Future<T> future) {
        if (!Waiting.atMost(PATIENCE, future)) {
            throw new IllegalStateException("not complete within " + PATIENCE.toSeconds() + " s");
        }
        return Waiting.on(future);
    }

    /** Pauses a type and waits until no consumer there is starts a task of it any more. */
    public void pause(String type) {
        new PauseRecords(settings).write(List.of(Pause.of(type, null, null)));
        consumers.awaitPaused(type, true);
    }

    /** Resumes a type and waits until every consumer there is has heard of it. */
    public void resume(String type) {
        new PauseRecords(settings).write(List.of(Pause.end(type)));
        consumers.awaitPaused(type, false);
    }

    /** Writes records as they are, and waits for their acknowledgement. */
    public void send(List<ProducerRecord<byte[], byte[]>> some) {
        records.send(some);
    }

    /** Every record that the topic, one of {@link Settings#topics()}, holds now. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        return records.read(topic);
    }

    /** Stops everything, and deletes the topics and the group. */
    @Override
    public void close() {
        consumers.close();
        open.forEach(submission -> Waiting.atMost(PATIENCE, submission.close()));
        Waiting.atMost(PATIENCE, tasks.close());
        Waiting.atMost(PATIENCE, vertx.close());
        records.delete();
    }

    /** A broker takes seconds to start, so there is one for all. */
    private static final class Shared {
        static final EmbeddedBroker BROKER = EmbeddedBroker.temporary();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "sluice-test-broker-end"));
        }
    }
}
