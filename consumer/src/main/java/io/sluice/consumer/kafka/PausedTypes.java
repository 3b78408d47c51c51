package io.sluice.consumer.kafka;

import io.sluice.record.Pause;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paused types as the control topic has them, which everybody reads from its beginning, in no group. One thread at a
 * time, but for {@link #wakeup}.
 */
public final class PausedTypes {
    private static final Logger log = LoggerFactory.getLogger(PausedTypes.class);
    private static final Duration CLOSING = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> reader;
    private final TopicPartition partition;
    private final Set<String> paused = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();

    /** Where the topic ended when reading began; null before that. */
    private @Nullable Long end;

    private @Nullable Set<String> told;

    /** @param reader is this one's from now on */
    public PausedTypes(Consumer<byte[], byte[]> reader, String controlTopic) {
        this.reader = reader;
        this.partition = new TopicPartition(controlTopic, 0);
    }

    /**
     * Reads the topic to its end.
     *
     * @throws TimeoutException if that takes longer
     */
    public void read(Duration patience) {
        long endNanos = System.nanoTime() + patience.toNanos();
        while (told == null) {
            Duration left = Duration.ofNanos(endNanos - System.nanoTime());
            if (left.isNegative()) {
                throw new TimeoutException("no answer within " + patience.toSeconds() + " s");
            }
            try {
                Optional<Set<String>> unused = poll(left);
            } catch (RetriableException e) {
                log.debug("Topic {} cannot be read, trying again: {}", partition.topic(), e.toString());
            }
        }
    }

    /** Those that were paused when this, or anything, was read last. */
    public Set<String> now() {
        return told == null ? Set.of() : told;
    }

    /**
     * Reads on.
     *
     * @param timeout waits so long for news
     * @return the types that are paused now, if that has changed
     * @throws RuntimeException what the client throws; the next call goes on
     */
    public Optional<Set<String>> poll(Duration timeout) {
        long until = end == null ? start(timeout) : end;
        end = until;
        // At the end there need not be anything to wait for, and what is known is news the first time.
        if (reader.position(partition, timeout) < until || paused.equals(told)) {
            try {
                reader.poll(timeout)
                        .forEach(record -> Pause.read(record, this::unreadable).ifPresent(this::take));
            } catch (InvalidOffsetException e) {
                // The topic was made anew, or has lost what was read last.
                log.info("Reading topic {} again from its beginning: {}", partition.topic(), e.getMessage());
                paused.clear();
                end = null;
                return Optional.empty();
            }
        }
        // Half read, it may pause what it resumes further on.
        if (reader.position(partition, timeout) < until || paused.equals(told)) {
            return Optional.empty();
        }
        told = Set.copyOf(paused);
        return Optional.of(told);
    }

    private long start(Duration timeout) {
        reader.assign(List.of(partition));
        reader.seekToBeginning(List.of(partition));
        return reader.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
    }

    private void take(Pause pause) {
        if (pause.inForce()) {
            paused.add(pause.type());
        } else {
            paused.remove(pause.type());
            unreadable.remove(pause.type());
        }
    }

    private void unreadable(String type, String why) {
        if (unreadable.add(type)) {
            log.warn(
                    "The record that pauses type '{}' cannot be read ({}); the type is paused all the same", type, why);
        }
    }

    /** Lets it ask with this one's client. */
    public void ask(EndOffsets ends) {
        ends.ask(reader);
    }

    /** Makes the call that reads, or the next one, throw a WakeupException. Any thread. */
    public void wakeup() {
        reader.wakeup();
    }

    /** Waits a second at most. */
    public void close() {
        reader.close(CloseOptions.timeout(CLOSING));
    }
}
