package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListener;

/**
 * spring-kafka's {@link ConcurrentMessageListenerContainer}, with one thread for each partition, the most that its reference says is of use
 * (Receiving Messages, Message Listener Containers).
 *
 * <p>Bodies that do nothing run in a record listener, with the default {@code AckMode.BATCH} (Committing Offsets). The others run as many at once as the
 * job says, with {@code asyncAcks} and {@code AckMode.MANUAL} (Manually Committing Offsets): acknowledged in any order; a poll's records are all
 * acknowledged before the next poll brings any.
 */
final class SpringContainer {
    private SpringContainer() {}

    public static void main(String[] arguments) {
        Subject.run(arguments, SpringContainer::start);
    }

    private static AutoCloseable start(Job job, Witness witness) throws ExecutionException, InterruptedException {
        ContainerProperties properties = new ContainerProperties(job.feed().topic());
        Bodies bodies = new Bodies(job, witness);
        if (job.kind() == Job.Kind.NOOP) {
            properties.setMessageListener(
                    (MessageListener<byte[], byte[]>) record -> bodies.run(Body.task(record.value()), () -> {}));
        } else {
            properties.setAckMode(ContainerProperties.AckMode.MANUAL);
            properties.setAsyncAcks(true);
            properties.setMessageListener((AcknowledgingMessageListener<byte[], byte[]>) (record, acknowledgment) ->
                    bodies.run(Body.task(record.value()), Objects.requireNonNull(acknowledgment)::acknowledge));
        }
        ConcurrentMessageListenerContainer<byte[], byte[]> container = new ConcurrentMessageListenerContainer<>(
                new DefaultKafkaConsumerFactory<>(Map.copyOf(ConsumerConfigs.of(job))), properties);
        container.setBeanName("peer");
        container.setConcurrency(partitions(job.feed()));
        container.start();
        return () -> {
            container.stop();
            bodies.close();
        };
    }

    private static int partitions(Job.Feed feed) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", feed.bootstrap()))) {
            return Objects.requireNonNull(admin.describeTopics(List.of(feed.topic()))
                            .allTopicNames()
                            .get()
                            .get(feed.topic()))
                    .partitions()
                    .size();
        }
    }
}
