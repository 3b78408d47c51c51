package io.sluice.standalone.bench;

import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.topics.PipelineTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A pipeline's topics, for one measurement alone: deleted when this is closed, or when the process is told to end, which a thread of its own
 * does. Else main thread; blocks.
 */
final class BenchTopic implements AutoCloseable {
    private static final Duration LEAVING = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofMinutes(1);

    private final Settings settings;
    private final Admin admin;

    private final OnExit leaving;
    private volatile Runnable user = () -> {};
    private boolean deleted;

    private BenchTopic(Settings settings, Admin admin) {
        this.settings = settings;
        this.admin = admin;
        this.leaving = OnExit.run(this::leave);
    }

    static BenchTopic create(Setup setup) {
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        Settings settings = SettingsLoader.load(
                null,
                Map.of(
                        "SLUICE_KAFKA_BOOTSTRAP_SERVERS",
                        setup.bootstrap(),
                        "SLUICE_TOPIC",
                        name,
                        "SLUICE_CONSUMER_GROUP",
                        name));
        BenchTopic topic = new BenchTopic(settings, Admin.create(Map.of("bootstrap.servers", setup.bootstrap())));
        try {
            topic.create(setup.partitions());
        } catch (RuntimeException e) {
            topic.closeAfter(e);
            throw e;
        }
        return topic;
    }

    private synchronized void create(int partitions) {
        if (deleted) {
            throw new IllegalStateException("the process has been told to end");
        }
        PipelineTopics.create(settings, partitions);
    }

    /** Some of the topics may be there; but perhaps no broker is. */
    private void closeAfter(RuntimeException failure) {
        try (admin) {
            delete(LEAVING);
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        } finally {
            leaving.close();
        }
    }

    /** @param stop ends whoever uses the topics, if this process is told to end: before they are deleted */
    void usedUntil(Runnable stop) {
        user = stop;
    }

    Job.Feed feed() {
        return new Job.Feed(
                settings.kafka().getOrDefault("bootstrap.servers", ""),
                settings.topic(),
                settings.consumer().group());
    }

    /** Whether that many consumers share the topic's partitions evenly. */
    boolean isShared(int consumers, int partitions) {
        try {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(feed().group()))
                    .all()
                    .get()
                    .get(feed().group());
            return group != null
                    && group.members().size() == consumers
                    && group.members().stream()
                            .allMatch(member -> member.assignment().topicPartitions().stream()
                                            .filter(partition ->
                                                    partition.topic().equals(feed().topic()))
                                            .count()
                                    == partitions / consumers);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** For a process that is told to end, which closes nothing. */
    private void leave() {
        user.run();
        try {
            delete(LEAVING);
        } catch (IllegalStateException itStays) {
            System.err.println("sluice: " + itStays.getMessage());
        }
    }

    @Override
    public void close() {
        try (admin) {
            delete(CLOSING);
            deleteGroup();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            leaving.close();
        }
    }

    /** Once; whoever comes meanwhile waits for that. */
    private synchronized void delete(Duration atMost) {
        if (deleted) {
            return;
        }
        deleted = true;
        try {
            admin.deleteTopics(settings.topics().all()).all().get(atMost.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw new IllegalStateException("the topics of " + settings.topic() + " are not deleted: " + e, e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** One that never was, or that a killed consumer is still a member of, is left to the broker. */
    private void deleteGroup() throws InterruptedException {
        try {
            admin.deleteConsumerGroups(List.of(feed().group())).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ApiException)) {
                throw new IllegalStateException("the group " + feed().group() + " is not deleted", e.getCause());
            }
        }
    }
}
