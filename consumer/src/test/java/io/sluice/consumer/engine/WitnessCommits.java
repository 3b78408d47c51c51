package io.sluice.consumer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.roaringbitmap.RoaringBitmap;

/** P1 and P2: what commits say, and whether it is so. */
final class WitnessCommits {
    private final SimWorld world;
    private final Witness witness;
    private final Map<TopicPartition, Long> applied = new HashMap<>();

    /** When others first went on between two flags' being read for the commit that is being made; 0 if they have not. */
    private long tornAt;

    WitnessCommits(SimWorld world, Witness witness) {
        this.world = world;
        this.witness = witness;
    }

    Witness.Made made(SimConsumer consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        List<SimLife> lives = new ArrayList<>();
        offsets.forEach((id, offset) -> {
            SimLife life = witness.life(consumer, id);
            if (life != null) {
                lives.add(life);
            }
            world.trace.say("%s commits %s up to %d", consumer, id, offset.offset());
        });

        // What has settled since its first flag was read may be missing in it.
        long madeAt = tornAt == 0 ? witness.moment() : tornAt;
        tornAt = 0;
        return new Witness.Made(madeAt, lives);
    }

    /**
     * Others go on while somebody reads flags for a commit; commits of theirs are none of it.
     *
     * @return since when that is so, for {@link #tornSince} afterwards
     */
    long tear() {
        long since = tornAt == 0 ? witness.moment() : tornAt;
        tornAt = 0;
        return since;
    }

    void tornSince(long since) {
        tornAt = since;
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
        applyMap(commit, log);
        if (world.setup.isOrdered()) {
            checkOrder(log);
        }
    }

    /** P4: what a crash now would run again comes before nothing that is done. */
    private void checkOrder(SimLog log) {
        Set<String> open = new HashSet<>();
        for (long offset = 0; offset < log.end(); offset++) {
            SimRecord record = log.at(offset);
            // Another copy of it may have done its part, and what cannot be decoded has no turn.
            if (record != null
                    && record.task.key != null
                    && record.task.records.size() == 1
                    && record.task.plan.kind() != SimPlan.Kind.UNDECODABLE) {
                if (!record.committed) {
                    open.add(record.task.key);
                } else if (open.contains(record.task.key)) {
                    witness.broken("P4", record.task + " is committed, but not all before it of its key");
                }
            }
        }
    }

    /** What lies past the committed offset and is not in the map is taken for done as well. */
    private void applyMap(OffsetAndMetadata commit, SimLog log) {
        if (commit.metadata().isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(commit.metadata()));
        byte version = bytes.get();
        long base = varint(bytes);
        long end = base + varint(bytes);
        if (version != 1 || base != commit.offset() || end > log.end()) {
            witness.broken("P1", "a map of version " + version + " from " + base + " to " + end + " in " + commit);
            return;
        }
        RoaringBitmap unsettled = new RoaringBitmap();
        try {
            // Single ones, then runs.
            while (bytes.hasRemaining()) {
                RoaringBitmap part = new RoaringBitmap();
                part.deserialize(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
                bytes.position(bytes.position() + part.serializedSizeInBytes());
                unsettled.or(part);
            }
        } catch (IOException fault) {
            witness.broken("P1", "an unreadable map in " + commit);
        }
        for (long offset = base; offset < end; offset++) {
            SimRecord record = log.at(offset);
            if (record != null && !unsettled.contains((int) (offset - base))) {
                done(record);
            }
        }
    }

    private static long varint(ByteBuffer bytes) {
        long number = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes.get();
            number |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return number;
    }

    private void done(SimRecord record) {
        if (!record.committed && !record.isSettled() && !goesOnElsewhere(record)) {
            witness.broken(
                    "P1", record.task + " (" + record + ") is committed, but of it there is only " + record.outcome);
        }
        record.committed = true;
    }

    /**
     * A copy owes nothing beside another record of its task. So one is still to be done, or has ended there, or has gone on
     * as this one would have. What this one itself has just written does not count: nobody has said yet that it is safe.
     */
    private boolean goesOnElsewhere(SimRecord record) {
        for (SimRecord other : record.task.records) {
            boolean isHere = record.life != null && witness.isAt(record.life.consumer, other);
            // That it has been moved may have been said of its twin: the acknowledgement is the same.
            boolean isOpen = !other.committed && (other.hop <= record.hop || isHere);
            boolean isOver = isHere && (other.outcome.isComplete(other.task) || isAhead(other, record));
            if (other != record && (isOpen || isOver)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAhead(SimRecord other, SimRecord record) {
        return record.hop > 0 && other.hop >= record.hop && other.isSettled();
    }

    void acknowledged(Witness.Made made) {
        for (SimLife life : made.lives()) {
            life.acknowledged(made.at());
        }
    }

    /** P2: whether the task was settled before a commit was made that has been acknowledged. */
    boolean isBehindCommit(SimRecord record) {
        return record.life != null && record.settledAt > 0 && record.life.knows(record.settledAt);
    }
}
