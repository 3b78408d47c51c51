package io.sluice.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aTemporaryBrokerCarriesRecordsAndLeavesNothingBehind() throws Exception {
        Set<Thread> threadsBefore = threads();
        DataFolder temporary = DataFolder.temporary();
        String servers;
        try (EmbeddedBroker broker = EmbeddedBroker.start(new BrokerSettings("localhost", Ports.free()), temporary)) {
            servers = broker.bootstrapServers();
            assertThat(temporary.logs()).exists();
            createTopic(servers, "tasks");
            send(servers, "tasks", "one");

            assertThat(consume(servers, "tasks")).containsExactly("one");
            assertThat(partitions(servers, "tasks")).isEqualTo(12);
            assertThat(partitions(servers, "__consumer_offsets")).isEqualTo(1);
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).isSubsetOf(threadsBefore));
        assertThat(temporary.logs().getParent()).doesNotExist();
        assertThat(Ports.taken(port(servers))).isFalse();
    }

    @Test
    void theControllerNeverHasTheBrokersPort() {
        Iterator<Integer> free = List.of(4711, 4711, 4712).iterator();

        assertThat(Ports.firstBesides(4711, free::next)).isEqualTo(4712);
    }

    @Test
    void twoBrokersInOneJvmKnowNothingOfEachOther() throws Exception {
        try (EmbeddedBroker one = EmbeddedBroker.temporary()) {
            try (EmbeddedBroker other = EmbeddedBroker.temporary()) {
                createTopic(one.bootstrapServers(), "tasks");

                assertThat(topics(other.bootstrapServers())).isEmpty();
            }
            assertThat(topics(one.bootstrapServers())).contains("tasks");
        }
    }

    @Test
    void topicsAndRecordsAreFoundAgainOnTheSameFolder() throws Exception {
        int port = Ports.free();
        try (EmbeddedBroker broker = EmbeddedBroker.at(folder.resolve("data"), port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("localhost:" + port);
            createTopic(broker.bootstrapServers(), "tasks");
            send(broker.bootstrapServers(), "tasks", "one");
        }
        try (EmbeddedBroker again = EmbeddedBroker.at(folder.resolve("data"), Ports.free())) {
            send(again.bootstrapServers(), "tasks", "two");

            assertThat(consume(again.bootstrapServers(), "tasks")).startsWith("one");
        }
    }

    @Test
    void topicsAreNotCreatedByUse() {
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            assertThatThrownBy(() -> partitions(broker.bootstrapServers(), "typo"))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void closingTwiceIsClosingOnce() {
        EmbeddedBroker broker = EmbeddedBroker.temporary();
        broker.close();
        broker.close();
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.at(folder, other.getLocalPort()))
                    .isInstanceOf(BrokerFailed.class)
                    .hasMessage(
                            "Port %d of this machine is in use; stop the program that uses it or choose another port",
                            other.getLocalPort());
        }
        EmbeddedBroker.at(folder, Ports.free()).close();
    }

    @Test
    void anImpossiblePortIsNamed() {
        assertThatThrownBy(() -> EmbeddedBroker.at(folder, 65_536))
                .isInstanceOf(BrokerFailed.class)
                .hasMessage("The broker's port must be from 1 to 65535, not 65536");
    }

    @Test
    void aFolderThatAnotherBrokerUsesIsNamed() {
        try (EmbeddedBroker first = EmbeddedBroker.at(folder, Ports.free())) {
            assertThatThrownBy(() -> EmbeddedBroker.at(folder, Ports.free()))
                    .isInstanceOf(BrokerFailed.class)
                    .hasMessage(
                            "Another broker is using the data folder %s; stop that one or choose another folder",
                            folder);
            assertThat(first.bootstrapServers()).isNotEmpty();
        }
    }

    @Test
    void aFileWhereTheFolderShouldBeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("notes.txt"), "not a folder");

        assertThatThrownBy(() -> EmbeddedBroker.at(file, Ports.free()))
                .isInstanceOf(BrokerFailed.class)
                .hasMessageContaining(file + " is a file; choose another folder");
    }

    @Test
    void dataOfAnotherKindIsNamed() throws Exception {
        Files.createDirectories(folder.resolve("kafka"));
        Files.writeString(folder.resolve("kafka/meta.properties"), "version=1\nnode.id=7\ncluster.id=other\n");

        assertThatThrownBy(() -> EmbeddedBroker.at(folder, Ports.free()))
                .isInstanceOf(BrokerFailed.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("another folder");
    }

    @Test
    void aTakenControllerPortFailsTheStartAndNotTheJvm() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BrokerSettings settings =
                    new BrokerSettings("localhost", Ports.free(), other.getLocalPort(), "PLAINTEXT", Map.of());

            assertThatThrownBy(() -> EmbeddedBroker.start(settings, DataFolder.at(folder)))
                    .isInstanceOf(BrokerFailed.class)
                    .hasMessageContaining(folder.toString());
        }
        EmbeddedBroker.at(folder, Ports.free()).close();
    }

    private static void createTopic(String servers, String topic) throws Exception {
        try (Admin admin = admin(servers)) {
            admin.createTopics(List.of(new NewTopic(topic, 12, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static Set<String> topics(String servers) throws Exception {
        try (Admin admin = admin(servers)) {
            return admin.listTopics().names().get();
        }
    }

    private static int partitions(String servers, String topic) throws Exception {
        try (Admin admin = admin(servers)) {
            Map<String, TopicDescription> found =
                    admin.describeTopics(List.of(topic)).allTopicNames().get();
            return Objects.requireNonNull(found.get(topic)).partitions().size();
        }
    }

    private static Admin admin(String servers) {
        return Admin.create(Map.of("bootstrap.servers", servers));
    }

    private static void send(String servers, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get();
        }
    }

    private static List<String> consume(String servers, String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", servers,
                "group.id", "readers",
                "group.protocol", "consumer",
                "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            ConsumerRecords<String, String> records = await().atMost(PATIENCE)
                    .until(() -> consumer.poll(Duration.ofMillis(100)), some -> !some.isEmpty());
            return StreamSupport.stream(records.records(topic).spliterator(), false)
                    .map(ConsumerRecord::value)
                    .toList();
        }
    }

    private static int port(String servers) {
        return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
    }

    /** Awaitility and the JVM keep pools of their own; everything else counts. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("awaitility"))
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool.commonPool"))
                .collect(Collectors.toSet());
    }
}
