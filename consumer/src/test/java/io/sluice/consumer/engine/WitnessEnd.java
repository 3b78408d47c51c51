package io.sluice.consumer.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What must hold when everything has come to rest: each task has ended, and nothing owed is missing. */
final class WitnessEnd {
    private final SimWorld world;
    private final Witness witness;

    WitnessEnd(SimWorld world, Witness witness) {
        this.world = world;
        this.witness = witness;
    }

    void check() {
        for (SimTask task : witness.records.tasks()) {
            boolean rests = task.plan.isFar() && task.records.stream().anyMatch(record -> !record.committed);
            if (!rests && !task.total.isComplete(task)) {
                witness.broken("P1", task + " is lost: of it there is only " + task.total);
            }
            boolean both = task.written.isSuccess(task) && task.written.hasDeadLetter();
            if (both && task.records.size() == 1 && task.first().reads == 1 && witness.records.isUnmistakable(task)) {
                witness.broken("P1", task + " has ended both well and as a dead letter, though it was read only once");
            }
        }
        if (world.setup.isOrdered()) {
            checkOrder();
        }
    }

    /** P4: the last calls of a key's tasks come in the order of their offsets. */
    private void checkOrder() {
        Map<SimRecord, SimRun> last = new HashMap<>();
        Set<SimRecord> exempt = new HashSet<>();
        for (SimRun run : witness.runs.all()) {
            last.put(run.record, run);
            if (run.exempt) {
                exempt.add(run.record);
            }
        }
        Map<String, SimRun> lastOfKey = new HashMap<>();
        for (int number = 0; number < world.setup.partitions; number++) {
            SimLog log = world.broker.log(new TopicPartition(TestSettings.TOPIC, number));
            for (long offset = 0; offset < log.end(); offset++) {
                SimRecord record = log.at(offset);
                SimRun run = record == null || exempt.contains(record) ? null : last.get(record);
                if (run != null && run.task().key != null && run.task().plan.expiresIn() == 0) {
                    SimRun before = lastOfKey.put(run.task().key, run);
                    if (before != null && before.startedAt > run.startedAt) {
                        witness.broken("P4", before + " was the last one, and later than " + run);
                    }
                }
            }
        }
    }
}
