package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's commits on their way: made, applied by the broker in that order or lost before, answered or not. An actor
 * of its own, the network.
 */
final class SimCommits implements SimActor {
    /** One commit. The witness has seen it made. */
    private record Request(
            SimMember member,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Source.CommitCallback callback,
            Witness.Made made) {}

    private record Answer(Request request, @Nullable RuntimeException failure) {}

    private final SimWorld world;
    private final SimConsumer consumer;
    private final Deque<Request> requests = new ArrayDeque<>();
    private final Deque<Answer> answers = new ArrayDeque<>();

    SimCommits(SimWorld world, SimConsumer consumer) {
        this.world = world;
        this.consumer = consumer;
    }

    void add(SimMember member, Map<TopicPartition, OffsetAndMetadata> offsets, Source.CommitCallback callback) {
        requests.add(new Request(member, offsets, callback, world.witness.commits.made(consumer, offsets)));
    }

    @Override
    public long readyAt() {
        return requests.isEmpty() || !consumer.reachesBroker() ? SimTimers.NEVER : 0;
    }

    /** The broker gets the oldest commit. */
    @Override
    public void step() {
        Request request = requests.remove();
        answers.add(new Answer(request, fate(request.member, request.offsets)));
        consumer.wake();
    }

    private @Nullable RuntimeException fate(SimMember member, Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (world.refusesCommits() || world.mishap(8)) {
            return unanswered();
        }
        try {
            world.broker.commit(member, offsets);
            consumer.touchesBroker();
        } catch (CommitFailedException rejected) {
            return rejected;
        }
        if (world.mishap(8)) {
            world.trace.say("%s: the commit is applied, but its answer is lost", consumer);
            return unanswered();
        }
        return null;
    }

    /** Tells of what has been answered. Poll thread. */
    void answer() {
        while (!answers.isEmpty()) {
            Answer answer = answers.remove();
            if (answer.failure == null) {
                world.witness.commits.acknowledged(answer.request.made);
            }
            answer.request.callback.done(answer.request.offsets, answer.failure);
        }
    }

    /** What waits for an answer gets none. */
    void timeOut() {
        while (!requests.isEmpty() && world.random.nextInt(4) == 0) {
            answers.add(new Answer(requests.remove(), unanswered()));
        }
    }

    /** As a client does, it sees to those made before first. Poll thread, which waits. */
    void sync(SimMember member, Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        Witness.Made made = world.witness.commits.made(consumer, offsets);
        consumer.waitFor(consumer::reachesBroker, timeout);
        if (!consumer.reachesBroker()) {
            throw new TimeoutException("commit");
        }
        while (!requests.isEmpty()) {
            step();
        }
        answer();
        consumer.waitFor(() -> false, Duration.ofMillis(world.random.nextInt(20)));
        RuntimeException failure = fate(member, offsets);
        if (failure instanceof CommitFailedException) {
            throw failure;
        }
        if (failure != null) {
            throw new TimeoutException("commit");
        }
        world.witness.commits.acknowledged(made);
    }

    private static RuntimeException unanswered() {
        return new RetriableCommitFailedException(new TimeoutException("commit"));
    }
}
