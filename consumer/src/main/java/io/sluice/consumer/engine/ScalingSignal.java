package io.sluice.consumer.engine;

import io.sluice.consumer.engine.Positions.Position;
import io.sluice.settings.TopicNames;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Estimates how many tasks more consumers could run now: what waits for a permit of the consumer or its type, and not for
 * its key, its time or an operator.
 *
 * <pre>
 *   signal = Σ keys      min(tasks waiting, limit per key - tasks running)
 *          + Σ tasks without a key that wait
 *          + Σ partitions, of the topics tasks and overflow:  unread records × share
 *
 *   share  = of the partition's records that came last (512 to 1,023 of them), those that could have run at once:
 *            their key had less than its limit unsettled and did not rest, they were due, their type was not paused
 * </pre>
 *
 * <p>The first two leave out paused types and keys that rest, and are exact. What it estimates is the number of tasks in this
 * consumer's partitions, read or not, that would start at once if permits had no end: of each key as many as its limit
 * lets start beside those that run. It takes what is unread to be like what came last. So it is too high for a backlog in
 * which few keys repeat, each within its limit as far as one window shows, and late by a window where one kind of task follows another.
 *
 * <p>A few operations on ints a task. Loop thread only.
 */
final class ScalingSignal {
    private final TopicNames topics;
    private final TaskTypes types;
    private final int limit;
    private final Loop clock;

    /** @param limit how many tasks of a key may run at once */
    ScalingSignal(TopicNames topics, TaskTypes types, int limit, Loop clock) {
        this.topics = topics;
        this.types = types;
        this.limit = limit;
        this.clock = clock;
    }

    /** A task has come, and has been sent where it waits. */
    void arrived(Task task) {
        Chances chances = chances(task.partition, task.record.topic());
        if (chances != null) {
            chances.count(couldRun(task), task.record.offset());
        }
    }

    private @Nullable Chances chances(OwnedPartition partition, String topic) {
        if (topic.equals(topics.tasks())) {
            return partition.tasks;
        }
        return topic.equals(topics.overflow()) ? partition.overflow : null;
    }

    private boolean couldRun(Task task) {
        if (task.type().paused || (task.due != null && clock.now().isBefore(task.due))) {
            return false;
        }
        LaneKey key = task.key;
        return key == null ? task.record.key() == null : key.rest == null && key.unsettled <= limit;
    }

    /** @param positions of the partitions that are owned */
    long now(Collection<Position> positions) {
        double unread = 0;
        for (Position position : positions) {
            Chances chances =
                    chances(position.owned(), position.status().partition().topic());
            if (chances != null && position.owned().mayStart()) {
                // Some of what was unread has come since that was seen.
                long from = Math.max(position.next(), chances.next());
                unread += Math.max(0, position.next() + position.status().unread() - from) * chances.share();
            }
        }
        return ready() + Math.round(unread);
    }

    private long ready() {
        long[] ready = new long[1];
        types.forEach(type -> type.ready.forEach(lane -> ready[0] += startable(lane)));
        return ready[0];
    }

    /** How many of it could start, beside those of its siblings before it. */
    private int startable(Lane lane) {
        LaneKey key = lane.key;
        if (key == null) {
            return startable(lane, 1);
        }
        int room = key.rest == null ? limit - key.inFlight : 0;
        Lane each = key.lanes;
        while (each != null && each != lane) {
            room -= startable(each, room);
            each = each.sibling;
        }
        return startable(lane, room);
    }

    private int startable(Lane lane, int room) {
        Task head = lane.head();
        if (head == null || room <= 0 || !lane.ready || lane.held || head.type().paused) {
            return 0;
        }
        // Only with limit 1 may it be there before its time.
        return head.due != null && clock.now().isBefore(head.due) ? 0 : lane.size(room);
    }
}
