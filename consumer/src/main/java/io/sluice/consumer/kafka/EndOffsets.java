package io.sluice.consumer.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where partitions end, asked for from time to time by a thread that may wait. A group's member hears that only with the records
 * that it takes, so not of a partition that is paused, while it grows.
 */
public final class EndOffsets {
    private static final Logger log = LoggerFactory.getLogger(EndOffsets.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Set<TopicPartition> wanted = ConcurrentHashMap.newKeySet();
    private volatile Map<TopicPartition, Long> known = Map.of();

    /** As of the last answer; empty if there was none, or it was not asked for yet: it is the next time. Any thread. */
    public OptionalLong of(TopicPartition partition) {
        wanted.add(partition);
        Long end = known.get(partition);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end);
    }

    /**
     * Asks for all those that somebody wanted to know since it last did. Blocks, for two seconds at most; without an answer
     * it keeps what it has. One thread at a time, which is the client's.
     *
     * @param client reads as the group does: of transactions only what is committed
     */
    void ask(Consumer<?, ?> client) {
        Set<TopicPartition> now = Set.copyOf(wanted);
        if (now.isEmpty()) {
            return;
        }
        wanted.removeAll(now);
        try {
            known = Map.copyOf(client.endOffsets(now, PATIENCE));
        } catch (RuntimeException e) {
            // People, autoscalers and naps go by what was known last: the next time is seconds away.
            log.debug("Where partitions end cannot be had now", e);
        }
    }
}
