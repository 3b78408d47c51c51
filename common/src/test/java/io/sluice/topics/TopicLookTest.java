package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** What the check makes of a broker's answers. */
class TopicLookTest {
    private static final List<Node> NODES = List.of(new Node(4, "a", 1), new Node(2, "b", 1));

    private static final class Answer extends DescribeTopicsResult {
        Answer(KafkaFuture<TopicDescription> answer) {
            super(null, Map.of("tasks", answer));
        }
    }

    private static final class Configs extends DescribeConfigsResult {
        Configs(Map<ConfigResource, KafkaFuture<Config>> answers) {
            super(answers);
        }
    }

    private static Map<String, TopicState> look(KafkaFuture<TopicDescription> topic, KafkaFuture<Config> config)
            throws ExecutionException, InterruptedException, TimeoutException {
        Admin admin = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("describeTopics")) {
                        return new Answer(topic);
                    }
                    return new Configs(((List<?>) arguments[0])
                            .stream()
                                    .collect(Collectors.toMap(
                                            resource -> (ConfigResource) resource, resource -> config)));
                });
        return new TopicLook(admin, System.nanoTime() + Duration.ofSeconds(5).toNanos()).topics(List.of("tasks"));
    }

    private static KafkaFuture<TopicDescription> topic(int partitions) {
        TopicPartitionInfo partition = new TopicPartitionInfo(0, NODES.get(0), NODES, NODES.subList(0, 1));
        return KafkaFuture.completedFuture(
                new TopicDescription("tasks", false, Collections.nCopies(partitions, partition)));
    }

    private static <T> KafkaFuture<T> refused(RuntimeException why) {
        KafkaFutureImpl<T> refused = new KafkaFutureImpl<>();
        refused.completeExceptionally(why);
        return refused;
    }

    private static KafkaFuture<Config> config() {
        return KafkaFuture.completedFuture(
                new Config(List.of(new ConfigEntry("retention.ms", "5"), new ConfigEntry("empty", null))));
    }

    @Test
    void aTopicHasItsPartitionsTheirBrokersAndItsConfigs() throws Exception {
        assertThat(look(topic(3), config()))
                .containsEntry(
                        "tasks",
                        new TopicState(
                                Collections.nCopies(3, new TopicState.Partition(List.of(4, 2), List.of(4))),
                                Map.of("retention.ms", "5")));
    }

    @Test
    void aTopicThatIsNotThereIsLeftOut() throws Exception {
        assertThat(look(refused(new UnknownTopicOrPartitionException("none")), config()))
                .isEmpty();
    }

    @Test
    void aClientThatMayNotSeeTheConfigsGoesOnWithoutThem() throws Exception {
        assertThat(look(topic(3), refused(new TopicAuthorizationException("no"))))
                .hasEntrySatisfying("tasks", topic -> {
                    assertThat(topic.partitions()).hasSize(3);
                    assertThat(topic.configs()).isEmpty();
                });
    }

    @Test
    void aClientThatMayNotSeeTheTopicDoesNot() {
        assertThatThrownBy(() -> look(refused(new TopicAuthorizationException("no")), config()))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
}
