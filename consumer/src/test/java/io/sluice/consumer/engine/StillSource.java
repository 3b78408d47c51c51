package io.sluice.consumer.engine;

import io.sluice.settings.Limits;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A member of a group that is assigned nothing, for tests of the thread that polls. Any thread. */
public final class StillSource implements Source {
    private volatile int polls;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    /** A poll loop on this source. */
    public PollLoop pollLoop(Loop loop) {
        TaskTypes none = new TaskTypes(
                List.of(),
                Bench.type(
                        "(unknown)",
                        TestSettings.type(1),
                        RetryPolicy.untilKnown(Duration.ofSeconds(1)),
                        TaskTypes.unknownBody(),
                        Runnable::run));
        Fence fence = new Fence(loop, TestSettings.FENCE_AFTER);
        return new PollLoop(
                this,
                new Dispatcher(
                        TestSettings.of(new Limits(1, 1)),
                        loop,
                        fence,
                        none,
                        (record, ack) -> ack.done(null),
                        Timings.NONE),
                loop,
                fence,
                (condition, atMost) -> condition.getAsBoolean(),
                new PollLoop.Plan(
                        new Reading(List.of(TestSettings.TOPIC), Map.of(), 500, Duration.ofMillis(500)),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        Timings.NONE));
    }

    /** Polling throws from here on. */
    public void fail(Throwable thrown) {
        failure = thrown;
    }

    public int polls() {
        return polls;
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void subscribe(Listener listener) {}

    @Override
    public boolean isMember() {
        return false;
    }

    @Override
    public long answers() {
        return polls;
    }

    @Override
    public OptionalLong unread(TopicPartition partition, long next) {
        return OptionalLong.empty();
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread polls
    public Batch poll(Duration timeout) {
        polls++;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        LockSupport.parkNanos(timeout.toNanos() / 100);
        return new Batch(Map.of(), Map.of());
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.of();
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        return Map.of();
    }

    @Override
    public Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) {
        return Map.of();
    }

    @Override
    public int partitions(String topic) {
        return 1;
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {}

    @Override
    public void pause(Collection<TopicPartition> partitions) {}

    @Override
    public void leave(Collection<TopicPartition> partitions) {}

    @Override
    public void resume(Collection<TopicPartition> partitions) {}

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {}

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {}

    @Override
    public void close(Duration timeout) {
        closed = true;
    }
}
