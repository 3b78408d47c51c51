package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A group's member in memory, with its logs and its committed offsets. As with Kafka, partitions come and go inside
 * {@link #poll} and {@link #close}, and commits are answered inside a later poll or before a commit that waits. Where a
 * partition is a number, all topics' partitions of that number are meant, or that of {@code tasks}. Only the test's thread.
 */
final class FakeSource implements Source {
    private record OpenCommit(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {}

    private final List<String> topics;
    private final Map<TopicPartition, TreeMap<Long, ConsumerRecord<byte[], byte[]>>> logs = new HashMap<>();
    private final Map<TopicPartition, Long> beginnings = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> unread = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> seeks = new HashMap<>();
    private final Set<TopicPartition> assignment = new HashSet<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    /** Revoked, and not out of the assignment yet. */
    private final Set<TopicPartition> departing = new HashSet<>();

    /** What has gone since the last poll that returned. */
    private final Set<TopicPartition> unseen = new HashSet<>();

    private final Deque<Runnable> atNextPoll = new ArrayDeque<>();
    private final Deque<OpenCommit> openCommits = new ArrayDeque<>();
    private final List<String> calls = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> unasked = new ArrayList<>();
    private @Nullable Listener listener;
    private @Nullable Supplier<RuntimeException> commitFailure;
    private @Nullable RuntimeException lookUpFailure;
    private @Nullable RuntimeException asyncThrows;
    private boolean answering = true;
    private boolean losingReplies;
    private int metadataLimit = 4_096;
    private int partitions;
    private int partitionsUntilFailure;
    private int maxPollRecords = 500;
    private boolean member = true;
    private boolean away;
    private long answers;
    private Duration lastPollTimeout = Duration.ZERO;

    /** Of one topic, {@code tasks}. */
    FakeSource() {
        this(List.of(TestSettings.TOPIC));
    }

    FakeSource(Collection<String> topics) {
        this.topics = List.copyOf(topics);
    }

    /** The next poll brings a record of a partition that nobody was told of. */
    void bring(TaskRecord record) {
        unasked.add(record.build());
    }

    /** Writes the records to their log, each behind those before it. */
    void write(TaskRecord... records) {
        for (TaskRecord builder : records) {
            ConsumerRecord<byte[], byte[]> record = builder.build();
            TopicPartition id = new TopicPartition(record.topic(), record.partition());
            logs.computeIfAbsent(id, added -> new TreeMap<>()).put(record.offset(), record);
            ends.merge(id, record.offset() + 1, Math::max);
        }
    }

    /** The log of the partition ends there: behind its last record lie transaction markers. */
    void endAt(int partition, long end) {
        ends.put(id(partition), end);
    }

    /** Everything before that offset is deleted. */
    void beginAt(int partition, long beginning) {
        beginnings.put(id(partition), beginning);
        ends.merge(id(partition), beginning, Math::max);
        logs.computeIfAbsent(id(partition), added -> new TreeMap<>())
                .headMap(beginning)
                .clear();
    }

    void committed(int partition, long offset) {
        committed(id(partition), new OffsetAndMetadata(offset));
    }

    void committed(TopicPartition partition, OffsetAndMetadata offset) {
        committed.put(partition, offset);
    }

    /** What the group remembers; -1 if nothing. */
    long committed(int partition) {
        OffsetAndMetadata offset = committed.get(id(partition));
        return offset == null ? -1 : offset.offset();
    }

    /** What the group remembers; null if nothing. */
    @Nullable
    OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }

    /** Where the records of its log are. */
    Set<Long> offsets(int partition) {
        return Set.copyOf(logs.getOrDefault(id(partition), new TreeMap<>()).keySet());
    }

    /** Where the partition was last sought to. */
    OffsetAndMetadata lastSeek(TopicPartition partition) {
        return Objects.requireNonNull(seeks.get(partition), "never sought");
    }

    /** Who used it is gone without a word; what it had not had answered never reached the group. */
    void crash() {
        openCommits.clear();
        atNextPoll.clear();
        unassign(Set.copyOf(assignment));
    }

    void maxPollRecords(int most) {
        maxPollRecords = most;
    }

    /** In the next poll the partitions come. */
    void assign(Integer... partitions) {
        assign(ids(partitions));
    }

    /** In the next poll these come. */
    void assign(Collection<TopicPartition> partitions) {
        atNextPoll.add(() -> take(Set.copyOf(partitions)));
    }

    /**
     * In the next poll the partitions come, but the client misses to say so. It never misses that of one that has only
     * just gone.
     */
    void assignSilently(Integer partition) {
        atNextPoll.add(() -> {
            if (unseen.stream().anyMatch(ids(partition)::contains)) {
                take(ids(partition));
            } else {
                assignment.addAll(ids(partition));
            }
        });
    }

    private void take(Set<TopicPartition> partitions) {
        departing.removeAll(partitions);
        assignment.addAll(partitions);
        listener().assigned(partitions);
    }

    /** In the next poll the partitions are revoked; as with Kafka they stay assigned until the group has been told. */
    void revoke(Integer... partitions) {
        revoke(ids(partitions));
    }

    /** In the next poll these are revoked. */
    void revoke(Set<TopicPartition> partitions) {
        atNextPoll.add(() -> {
            listener().revoked(partitions);
            departing.addAll(partitions);
            positions.keySet().removeAll(partitions);
            unseen.addAll(partitions);
        });
    }

    /** As with Kafka's own client: revoked partitions stay in its assignment until the group has been told. */
    void revokeButKeepInAssignment(Integer... partitions) {
        atNextPoll.add(() -> listener().revoked(ids(partitions)));
    }

    void lose(Integer... partitions) {
        lose(ids(partitions));
    }

    /** In the next poll these are lost. */
    void lose(Set<TopicPartition> partitions) {
        atNextPoll.add(() -> {
            listener().lost(partitions);
            unassign(partitions);
        });
    }

    /** In the next poll the partitions go, but the client misses to say so. */
    void loseSilently(Integer... partitions) {
        loseSilently(ids(partitions));
    }

    /** In the next poll these go, but the client misses to say so. */
    void loseSilently(Set<TopicPartition> partitions) {
        atNextPoll.add(() -> unassign(partitions));
    }

    /** The next poll throws, after what else happens in it. */
    void failPoll(RuntimeException failure) {
        atNextPoll.add(() -> {
            throw failure;
        });
    }

    /** The next look-up of committed offsets throws. */
    void failLookUp(RuntimeException failure) {
        lookUpFailure = failure;
    }

    /** Commits fail from here on; null ends that. */
    void failCommits(@Nullable Supplier<RuntimeException> failure) {
        commitFailure = failure;
    }

    /** Whether commits are made, but reported as failed. */
    void loseReplies(boolean lose) {
        losingReplies = lose;
    }

    /** From here on it takes no longer metadata than that with a commit. */
    void metadataLimit(int characters) {
        metadataLimit = characters;
    }

    /** The next asynchronous commit throws instead of being made. */
    void throwAtCommit(RuntimeException failure) {
        asyncThrows = failure;
    }

    /** Whether commits are answered in the next poll; if not, they stay open. */
    void answerCommits(boolean answer) {
        answering = answer;
    }

    int openCommits() {
        return openCommits.size();
    }

    /** What was asked of it, as {@code seek tasks-0 5} or {@code commitSync {…}}. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** Whose partition of {@code tasks} is paused. */
    Set<Integer> paused() {
        Set<Integer> numbers = new HashSet<>();
        paused.stream().filter(id -> id.topic().equals(TestSettings.TOPIC)).forEach(id -> numbers.add(id.partition()));
        return numbers;
    }

    boolean isPaused(TopicPartition partition) {
        return paused.contains(partition);
    }

    /** The question how many partitions a topic has fails once, when it is asked for that time from now. */
    void failPartitions(int time) {
        partitionsUntilFailure = time;
    }

    /** How many partitions each topic has. */
    void partitions(int count) {
        partitions = count;
    }

    @Override
    public int partitions(String topic) {
        if (--partitionsUntilFailure == 0) {
            throw new TimeoutException("no metadata");
        }
        return partitions;
    }

    Duration lastPollTimeout() {
        return lastPollTimeout;
    }

    @Override
    public void subscribe(Listener subscriber) {
        listener = subscriber;
    }

    /** The group has taken it in, or has not. */
    void join(boolean now) {
        member = now;
    }

    /** Whether its brokers answer from here on, every poll once. */
    void away(boolean now) {
        away = now;
    }

    @Override
    public boolean isMember() {
        return member;
    }

    @Override
    public long answers() {
        return answers;
    }

    /** From here on so many are said to be unread of it. */
    void unreadOf(TopicPartition partition, long records) {
        unread.put(partition, records);
    }

    @Override
    public OptionalLong unread(TopicPartition partition, long next) {
        Long told = unread.get(partition);
        if (told != null && told > 0) {
            return OptionalLong.of(told);
        }
        Long position = positions.get(partition);
        return position == null
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, ends.getOrDefault(partition, 0L) - position));
    }

    @Override
    public Batch poll(Duration timeout) {
        lastPollTimeout = timeout;
        answers += away ? 0 : 1;
        unassign(Set.copyOf(departing));
        while (answering && !openCommits.isEmpty()) {
            answer(openCommits.remove());
        }
        while (!atNextPoll.isEmpty()) {
            atNextPoll.remove().run();
        }
        // First, as with Kafka: a poll that throws has taken no records.
        fetchable().forEach(id -> positions.computeIfAbsent(id, this::committedPosition));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(unasked);
        unasked.clear();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (TopicPartition id : fetchable()) {
            if (paused.contains(id)) {
                continue;
            }
            long position = Objects.requireNonNull(positions.get(id));
            TreeMap<Long, ConsumerRecord<byte[], byte[]>> log = logs.getOrDefault(id, new TreeMap<>());
            long read = position;
            for (ConsumerRecord<byte[], byte[]> record : log.tailMap(position).values()) {
                if (records.size() == maxPollRecords) {
                    break;
                }
                records.add(record);
                read = record.offset() + 1;
            }
            if (log.tailMap(read).isEmpty()) {
                read = Math.max(read, ends.getOrDefault(id, 0L));
            }
            if (read > position) {
                positions.put(id, read);
                next.put(id, new OffsetAndMetadata(read));
            }
        }
        unseen.clear();
        unseen.addAll(departing);
        return new Batch(SimFetch.byPartition(records), next);
    }

    private Set<TopicPartition> fetchable() {
        Set<TopicPartition> fetchable = new HashSet<>(assignment);
        fetchable.removeAll(departing);
        return fetchable;
    }

    /** The client's own idea of where to begin; with offset reset {@code none} it has none of its own. */
    private Long committedPosition(TopicPartition id) {
        OffsetAndMetadata offset = committed.get(id);
        if (offset == null) {
            throw new NoOffsetForPartitionException(id);
        }
        return offset.offset();
    }

    private void answer(OpenCommit commit) {
        RuntimeException failure = refusal(commit.offsets);
        if (failure == null) {
            committed.putAll(commit.offsets);
            failure = losingReplies ? new TimeoutException("no answer") : null;
        }
        commit.callback.done(commit.offsets, failure);
    }

    private @Nullable RuntimeException refusal(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (offsets.values().stream().anyMatch(offset -> offset.metadata().length() > metadataLimit)) {
            return new OffsetMetadataTooLarge("too large");
        }
        return commitFailure == null ? null : commitFailure.get();
    }

    /** Answers what is open as if it had reached the broker when it was made, but not later commits. */
    void answerLate() {
        OpenCommit commit = openCommits.remove();
        commit.callback.done(commit.offsets, null);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return Set.copyOf(assignment);
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
        if (lookUpFailure != null) {
            RuntimeException failure = lookUpFailure;
            lookUpFailure = null;
            throw failure;
        }
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(committed);
        found.keySet().retainAll(partitions);
        return found;
    }

    @Override
    public Map<TopicPartition, Long> beginnings(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> found = new HashMap<>();
        partitions.forEach(id -> found.put(id, beginnings.getOrDefault(id, 0L)));
        return found;
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        requireAssigned(partition);
        calls.add("seek " + partition + " " + offset.offset());
        positions.put(partition, offset.offset());
        seeks.put(partition, offset);
    }

    @Override
    public void pause(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        calls.add("pause " + new ArrayList<>(partitions));
        paused.addAll(partitions);
    }

    @Override
    public void leave(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        calls.add("leave " + new ArrayList<>(partitions));
        paused.addAll(partitions);
    }

    @Override
    public void resume(Collection<TopicPartition> partitions) {
        partitions.forEach(this::requireAssigned);
        calls.add("resume " + new ArrayList<>(partitions));
        paused.removeAll(partitions);
    }

    @Override
    public void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets, CommitCallback callback) {
        if (asyncThrows != null) {
            RuntimeException failure = asyncThrows;
            asyncThrows = null;
            throw failure;
        }
        calls.add("commitAsync " + plain(offsets));
        openCommits.add(new OpenCommit(Map.copyOf(offsets), callback));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        calls.add("commitSync " + plain(offsets));
        while (answering && !openCommits.isEmpty()) {
            answer(openCommits.remove());
        }
        RuntimeException failure = refusal(offsets);
        if (failure != null) {
            throw failure;
        }
        committed.putAll(offsets);
        if (losingReplies) {
            throw new TimeoutException("no answer");
        }
    }

    @Override
    public void close(Duration timeout) {
        calls.add("close");
        if (!assignment.isEmpty()) {
            listener().revoked(Set.copyOf(assignment));
            unassign(Set.copyOf(assignment));
        }
        calls.add("left");
    }

    static TopicPartition id(int partition) {
        return new TopicPartition(TestSettings.TOPIC, partition);
    }

    Set<TopicPartition> ids(Integer... partitions) {
        Set<TopicPartition> ids = new HashSet<>();
        for (int partition : partitions) {
            topics.forEach(topic -> ids.add(new TopicPartition(topic, partition)));
        }
        return ids;
    }

    private void unassign(Set<TopicPartition> partitions) {
        assignment.removeAll(partitions);
        departing.removeAll(partitions);
        unseen.addAll(partitions);
        positions.keySet().removeAll(partitions);
        paused.removeAll(partitions);
    }

    private void requireAssigned(TopicPartition partition) {
        if (!assignment.contains(partition)) {
            throw new IllegalStateException("No current assignment for partition " + partition);
        }
    }

    private Listener listener() {
        return Objects.requireNonNull(listener, "nobody has subscribed");
    }

    private static Map<String, Long> plain(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, Long> plain = new TreeMap<>();
        offsets.forEach((id, offset) -> plain.put(id.toString(), offset.offset()));
        return plain;
    }
}
