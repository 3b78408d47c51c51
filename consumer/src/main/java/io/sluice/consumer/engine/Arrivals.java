package io.sluice.consumer.engine;

import io.sluice.record.Undecodable;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beginning of a task's trip: reads its record and sends it where it has to wait. Loop thread only. */
final class Arrivals {
    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    private final Loop loop;
    private final Decoding decoding;
    private final Waits waits;
    private final Departures departures;
    private final Drain drain;
    private final ScalingSignal signal;

    Arrivals(Loop loop, Decoding decoding, Waits waits, Departures departures, Drain drain, ScalingSignal signal) {
        this.loop = loop;
        this.decoding = decoding;
        this.waits = waits;
        this.departures = departures;
        this.drain = drain;
        this.signal = signal;
    }

    /** Takes what one poll brought, in order. */
    void accept(List<Task> batch) {
        long now = loop.nanoTime();
        for (Task task : batch) {
            try {
                accept(task, now);
            } catch (RuntimeException | Error bug) {
                // Those behind it must not wait for it. It stays uncommitted.
                TaskFields.of(log.atError(), task)
                        .setCause(bug)
                        .log(
                                "An error of Sluice's own at offset {} of {}-{}; please report it",
                                task.record.offset(),
                                task.record.topic(),
                                task.record.partition());
            }
        }
    }

    private void accept(Task task, long now) {
        if (drain.hasBegun() || !task.partition.mayStart()) {
            departures.leaveBehind(task);
            return;
        }
        task.acceptedNanos = now;
        try {
            decoding.read(task);
        } catch (Undecodable fault) {
            decoding.readWhatThereIs(task);
            departures.giveUp(task, "undecodable", fault);
            return;
        }
        if (task.partition.copies.isDuplicate(task)) {
            departures.ignore(task);
        } else {
            waits.arrived(task);
            signal.arrived(task);
        }
    }

    /** Takes a task that stands for records which do not exist any more, and settles it by a dead letter that says so. */
    void lost(Task task, String message) {
        task.acceptedNanos = loop.nanoTime();
        decoding.readWhatThereIs(task);
        departures.giveUp(task, "lost", new GivenUp(message, null));
    }
}
