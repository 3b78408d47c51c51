package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's client. As with Kafka, partitions come and go inside {@link #poll}, commits are answered there, a request
 * can reach the broker without its answer coming back, and a callback can be missed.
 */
final class SimSource implements Source {
    private final SimWorld world;
    private final SimConsumer consumer;
    private final SimCommits commits;
    private final SimFetch fetch;
    private final Set<TopicPartition> assigned = new LinkedHashSet<>();
    private @Nullable Listener listener;
    private @Nullable SimMember member;

    /** It has missed to say that partitions are lost; that they have come back it does say. */
    private boolean lostUnsaid;

    private int seenChanges = -1;

    SimSource(SimWorld world, SimConsumer consumer) {
        this.world = world;
        this.consumer = consumer;
        this.commits = new SimCommits(world, consumer);
        this.fetch = new SimFetch(world);
    }

    SimCommits commits() {
        return commits;
    }

    @Nullable
    SimMember member() {
        return member;
    }

    @Override
    public void subscribe(Listener subscriber) {
        listener = subscriber;
        member = world.broker.group.join(consumer);
    }

    @Override
    public boolean isMember() {
        return member != null && member.isKnown();
    }

    @Override
    public long answers() {
        return 0;
    }

    @Override
    public OptionalLong unread(TopicPartition partition, long next) {
        return consumer.reachesBroker()
                ? OptionalLong.of(Math.max(0, world.broker.log(partition).end() - next))
                : OptionalLong.empty();
    }

    @Override
    public Batch poll(Duration timeout) {
        consumer.mustLive();
        lostUnsaid = false;
        if (!consumer.reachesBroker()) {
            commits.timeOut();
            commits.answer();
            return new Batch(Map.of(), Map.of());
        }
        consumer.touchesBroker();
        if (world.mishap(60)) {
            throw new TimeoutException("poll");
        }
        changeAssignment();
        commits.answer();
        return fetch.next(consumer, assigned);
    }

    private void changeAssignment() {
        if (!consumer.isMember()) {
            lose();
            member = world.broker.group.join(consumer);
        }
        SimMember self = Objects.requireNonNull(member);
        if (world.broker.group.changes() == seenChanges) {
            return;
        }
        seenChanges = world.broker.group.changes();
        Set<Integer> leaving = numbers();
        if (!self.revokesAll) {
            leaving.removeAll(self.target);
        }
        if (!leaving.isEmpty()) {
            revoke(self, leaving);
        }
        List<TopicPartition> coming = ids(self.target);
        coming.removeAll(assigned);
        coming.removeIf(id -> !self.owned.contains(id.partition()) && !world.broker.group.isFree(id.partition()));
        if (!coming.isEmpty() && self.isKnown() && !self.revokesAll) {
            assign(self, coming);
        }
    }

    /** Now and then not all twins come at once. */
    private void assign(SimMember self, List<TopicPartition> coming) {
        if (world.mishap(8)) {
            coming.removeIf(id -> world.random.nextInt(3) == 0);
            seenChanges = -1;
        }
        coming.forEach(id -> self.owned.add(id.partition()));
        assigned.addAll(coming);
        consumer.touchesBroker();
        world.trace.say("%s is assigned %s", self, coming);
        coming.forEach(id -> world.witness.assigned(consumer, id));
        if (!coming.isEmpty() && (lostUnsaid || !world.mishap(20))) {
            lostUnsaid = false;
            listener().assigned(coming);
        }
    }

    private void revoke(SimMember self, Set<Integer> leaving) {
        List<TopicPartition> ids = ids(leaving);
        ids.retainAll(assigned);
        world.trace.say("%s has to give back %s", self, leaving);
        long began = world.nanos();
        listener().revoked(ids);
        unassign(ids);
        if (self.isKnown()) {
            world.witness.revoked(consumer, ids, began);
            leaving.forEach(number -> world.broker.group.gaveBack(self, number));
        } else {
            world.witness.forget(consumer, ids);
        }
        world.trace.say("%s has given back %s", self, leaving);
    }

    private void lose() {
        List<TopicPartition> all = List.copyOf(assigned);
        world.trace.say("%s hears that its session is over", consumer);
        lostUnsaid = !all.isEmpty() && world.mishap(4);
        if (!all.isEmpty() && !lostUnsaid) {
            listener().lost(all);
        }
        unassign(all);
        world.witness.forget(consumer, all);
    }

    private void unassign(List<TopicPartition> ids) {
        for (TopicPartition id : ids) {
            assigned.remove(id);
            fetch.forget(id);
        }
    }

    private Set<Integer> numbers() {
        Set<Integer> numbers = new TreeSet<>();
        assigned.forEach(id -> numbers.add(id.partition()));
        return numbers;
    }

    private List<TopicPartition> ids(Set<Integer> numbers) {
        List<TopicPartition> ids = new ArrayList<>();
        numbers.forEach(number -> ids.addAll(world.broker.twins(number)));
        return ids;
    }

    @Override
    public Set<TopicPartition> assignment() {
        consumer.mustLive();
        return Collections.unmodifiableSet(assigned);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        lookUp();
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        for (TopicPartition id : partitions) {
            OffsetAndMetadata offset = world.broker.committed(id);
            if (offset != null) {
                found.put(id, offset);
            }
        }
        return found;
    }

    @Override
    public Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) {
        lookUp();
        Map<TopicPartition, Long> found = new HashMap<>();
        partitions.forEach(id -> found.put(id, 0L));
        return found;
    }

    private void lookUp() {
        consumer.mustLive();
        if (!consumer.reachesBroker() || world.mishap(15)) {
            throw new TimeoutException("look up");
        }
    }

    @Override
    public int partitions(String topic) {
        lookUp();
        return world.setup.partitions;
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        requireAssigned(partition);
        world.trace.say("%s reads %s from %d", consumer, partition, offset.offset());
        fetch.seek(partition, offset.offset());
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        fetch.pause(partitions);
    }

    @Override
    public void leave(Collection<TopicPartition> partitions) {
        pause(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        fetch.resume(partitions);
    }

    private void requireAssigned(TopicPartition partition) {
        consumer.mustLive();
        if (!assigned.contains(partition)) {
            throw new IllegalStateException("No current assignment for partition " + partition);
        }
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
        consumer.mustLive();
        commits.add(Objects.requireNonNull(member), offsets, callback);
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        consumer.mustLive();
        commits.sync(Objects.requireNonNull(member), offsets, timeout);
    }

    @Override
    public void close(Duration timeout) {
        consumer.mustLive();
        SimMember self = Objects.requireNonNull(member);
        if (!assigned.isEmpty()) {
            listener().revoked(List.copyOf(assigned));
        }
        world.witness.exited(consumer);
        if (consumer.reachesBroker()) {
            world.broker.group.remove(self);
        } else {
            world.after(SimScript.SESSION, () -> world.broker.group.remove(self));
        }
    }

    private Listener listener() {
        return Objects.requireNonNull(listener, "nobody has subscribed");
    }
}
