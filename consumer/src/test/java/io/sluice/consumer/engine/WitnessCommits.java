package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** P1 and P2: what commits say, and whether it is so. */
final class WitnessCommits {
    private final SimWorld world;
    private final Witness witness;
    private final Map<TopicPartition, Long> applied = new HashMap<>();

    WitnessCommits(SimWorld world, Witness witness) {
        this.world = world;
        this.witness = witness;
    }

    Witness.Made made(SimConsumer consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<SimLife> lives = new ArrayList<>();
        Map<TopicPartition, Long> upTo = new HashMap<>();
        offsets.forEach((id, offset) -> {
            SimLife life = witness.life(consumer, id);
            if (life != null) {
                lives.add(life);
            }
            upTo.put(id, offset.offset());
        });
        world.trace.say("%s commits %s", consumer, upTo);
        return new Witness.Made(witness.moment(), upTo, lives);
    }

    /** P1: what the broker now takes for done has been settled, every owed record of it acknowledged. */
    void applied(TopicPartition id, OffsetAndMetadata commit) {
        long before = applied.getOrDefault(id, 0L);
        if (commit.offset() < before) {
            witness.broken("P2", "the commit of " + id + " goes back from " + before + " to " + commit.offset());
        }
        applied.put(id, commit.offset());
        SimLog log = world.broker.log(id);
        if (commit.offset() > log.end()) {
            witness.broken("P1", "the commit of " + id + " lies beyond the end of the log: " + commit.offset());
        }
        for (long offset = before; offset < Math.min(log.end(), commit.offset()); offset++) {
            SimRecord record = log.at(offset);
            if (record != null) {
                done(record);
            }
        }
    }

    private void done(SimRecord record) {
        if (!record.committed && !record.isSettled()) {
            witness.broken(
                    "P1", record.task + " (" + record + ") is committed, but of it there is only " + record.outcome);
        }
        record.committed = true;
    }

    void acknowledged(Witness.Made made) {
        for (SimLife life : made.lives()) {
            life.acknowledged(made.at(), made.offsets().getOrDefault(life.id, 0L));
        }
    }

    /** P2: whether the task was settled before a commit was made that has been acknowledged. */
    boolean isBehindCommit(SimRecord record) {
        return record.life != null && record.settledAt > 0 && record.life.knows(record.offset(), record.settledAt);
    }
}
