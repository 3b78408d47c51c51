package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.Waiting;
import io.sluice.consumer.ConsumerFailed;
import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.sluice.topics.PipelineTopics;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** What a consumer refuses to start on, and what is created for it. */
class TopicsTest {
    private static final byte[] KEY = "key".getBytes(UTF_8);
    private static final byte[] VALUE = new byte[2_000];

    private static void await(KafkaFuture<?> future) throws Exception {
        Object unused = future.get(30, TimeUnit.SECONDS);
    }

    /** Deletes topics; returns when the broker does not show them any more, nor anything as it was before. */
    private static void delete(Admin admin, String... topics) throws Exception {
        await(admin.deleteTopics(List.of(topics)).all());
        assertThat(Waiting.until(() -> isGone(admin, topics), Duration.ofSeconds(30)))
                .isTrue();
    }

    private static boolean isGone(Admin admin, String... topics) {
        return admin.describeTopics(List.of(topics)).topicNameValues().values().stream()
                .allMatch(topic -> topic.toCompletionStage()
                        .handle((found, failure) -> failure != null)
                        .toCompletableFuture()
                        .join());
    }

    private static String session(Admin admin, ConfigResource group) {
        return admin.describeConfigs(List.of(group))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .getOrDefault(group, new Config(List.of()))
                .get("consumer.session.timeout.ms")
                .value();
    }

    private static void consume(TestPipeline pipeline) {
        pipeline.consume(1, () -> List.of(new Async("job", (payload, task) -> Future.succeededFuture())));
    }

    @Test
    void aConsumerThatWouldLoseTasksDoesNotStartAndSaysAllThatMendsIt() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                Admin admin = KafkaClients.admin(pipeline.settings().kafka(), "test")) {
            String topic = pipeline.settings().topic();
            ConfigResource delay = new ConfigResource(ConfigResource.Type.TOPIC, topic + ".delay.1h");
            AlterConfigOp short1h =
                    new AlterConfigOp(new ConfigEntry("retention.ms", "3600000"), AlterConfigOp.OpType.SET);
            await(admin.incrementalAlterConfigs(Map.of(delay, Set.of(short1h))).all());
            await(admin.createPartitions(Map.of(topic + ".overflow", NewPartitions.increaseTo(7)))
                    .all());
            delete(admin, topic + ".control");

            assertThatThrownBy(() -> consume(pipeline))
                    .isInstanceOf(ConsumerFailed.class)
                    .hasMessageContaining("has no topic " + topic + ".control ('sluice topics create' makes it): ")
                    .hasMessageContaining("--alter --topic " + topic + " --partitions 7")
                    .hasMessageContaining(": for topic in " + topic + ".delay.10s " + topic + ".delay.1m ")
                    .hasMessageContaining("--alter --topic $topic --partitions 7; done")
                    .hasMessageContaining("--entity-name " + topic + ".delay.1h --add-config retention.ms=604800000");

            PipelineTopics.create(pipeline.settings(), 1);
        }
    }

    @Test
    void aConsumerWhoseFenceShutsAfterItsGroupsSessionDoesNotStart() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                Admin admin = KafkaClients.admin(pipeline.settings().kafka(), "test")) {
            String name = pipeline.settings().consumer().group();
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, name);
            AlterConfigOp shorter = new AlterConfigOp(
                    new ConfigEntry("consumer.session.timeout.ms", "30000"), AlterConfigOp.OpType.SET);
            await(admin.incrementalAlterConfigs(Map.of(group, Set.of(shorter))).all());
            assertThat(Waiting.until(() -> session(admin, group).equals("30000"), Duration.ofSeconds(30)))
                    .isTrue();

            assertThatThrownBy(() -> consume(pipeline))
                    .isInstanceOf(ConsumerFailed.class)
                    .hasMessageContaining(
                            "consumer.fence-after is 45s, but the session timeout of group '" + name + "' is 30s")
                    .hasMessageContaining("--entity-name " + name + " --add-config consumer.session.timeout.ms=45000");
        }
    }

    @Test
    void aPipelineThatIsThereGetsTheTopicsItLacksWithItsNumberOfPartitions() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                Admin admin = KafkaClients.admin(pipeline.settings().kafka(), "test")) {
            Settings settings = pipeline.settings();
            await(admin.deleteTopics(List.of(
                            settings.topics().overflow(), settings.topics().control()))
                    .all());

            PipelineTopics.create(settings, 1);

            Map<String, Integer> partitions =
                    admin.describeTopics(settings.topics().all()).allTopicNames().get().entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey,
                                    topic -> topic.getValue().partitions().size()));
            assertThat(partitions.get(settings.topics().overflow())).isEqualTo(partitions.get(settings.topic()));
            assertThat(partitions.get(settings.topics().control())).isEqualTo(1);
            consume(pipeline);
        }
    }

    /** A broker that is still at work on other topics shows new ones long before it takes records for all partitions. */
    @Test
    void everyPartitionOfANewPipelineTakesRecordsAtOnce() {
        for (int round = 0; round < 3; round++) {
            try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
                List<String> topics = pipeline.settings().topics().all();
                pipeline.send(IntStream.range(0, 2_000)
                        .mapToObj(number -> topics.get(number % topics.size()))
                        .filter(topic ->
                                !topic.equals(pipeline.settings().topics().control()))
                        .map(topic -> new ProducerRecord<>(
                                topic, ThreadLocalRandom.current().nextInt(TestPipeline.PARTITIONS), KEY, VALUE))
                        .toList());
            }
        }
    }
}
