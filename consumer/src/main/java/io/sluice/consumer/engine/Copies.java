package io.sluice.consumer.engine;

import io.sluice.record.Origin;
import io.sluice.record.Trip;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The copies that were read lately. A move can be written twice, by a consumer that dies before it has committed, or
 * after a write whose acknowledgement was lost; the second copy of a task on the same step of its trip is none. Loop thread only.
 */
final class Copies {
    /** Per partition: a bound on memory, far above what a consumer has between two commits. */
    private static final int REMEMBERED = 8_192;

    /** One step of one task's trip. */
    private record Step(Origin origin, int redrives, int moves) {}

    private record Place(String topic, long offset) {}

    private final Map<OwnedPartition, Map<Step, Place>> read = new HashMap<>();

    /** Remembers a task's copy; whether another one came before it. */
    boolean isDuplicate(Task task) {
        Trip trip = task.envelope().trip();
        Origin origin = trip.origin();
        if (origin == null || trip.moves() == 0) {
            // A dead letter that was sent again, perhaps twice: whoever did that meant it.
            return false;
        }
        Place place = new Place(task.record.topic(), task.record.offset());
        Place first = read.computeIfAbsent(task.partition, added -> new Recent())
                .putIfAbsent(new Step(origin, trip.redrives(), trip.moves()), place);
        return first != null && !first.equals(place);
    }

    /** These partitions are not owned any more. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(read::remove);
    }

    private static final class Recent extends LinkedHashMap<Step, Place> {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Step, Place> eldest) {
            return size() > REMEMBERED;
        }
    }
}
