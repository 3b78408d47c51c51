package io.sluice.consumer.engine;

import io.sluice.record.Envelope;
import io.sluice.record.Undecodable;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The beginning of a task's trip: reads its record, and sends it where it has to wait. Loop thread only. */
final class Arrivals {
    private static final Logger log = LoggerFactory.getLogger(Arrivals.class);

    private final Loop loop;
    private final String defaultType;
    private final TaskTypes types;
    private final Lanes lanes;
    private final Departures departures;
    private final Drain drain;

    Arrivals(Loop loop, String defaultType, TaskTypes types, Lanes lanes, Departures departures, Drain drain) {
        this.loop = loop;
        this.defaultType = defaultType;
        this.types = types;
        this.lanes = lanes;
        this.departures = departures;
        this.drain = drain;
    }

    /** Takes what one poll brought, in order. */
    void accept(List<Task> batch) {
        for (Task task : batch) {
            try {
                accept(task);
            } catch (RuntimeException | Error bug) {
                // Those behind it must not wait for it. It stays uncommitted.
                log.error(
                        "An error of Sluice's own at offset {} of {}; please report it",
                        task.record.offset(),
                        task.partition,
                        bug);
            }
        }
    }

    private void accept(Task task) {
        if (drain.hasBegun() || !task.partition.mayStart()) {
            departures.leaveBehind(task);
            return;
        }
        task.acceptedNanos = loop.nanoTime();
        try {
            Envelope envelope = Envelope.read(task.record, defaultType);
            task.accept(envelope, types.of(envelope.type()));
            lanes.add(task);
        } catch (Undecodable fault) {
            task.accept(Envelope.ofUndecodable(task.record, defaultType), types.unknown());
            departures.giveUp(task, "undecodable", fault);
        }
    }

    /** Takes a task that stands for records which do not exist any more, and settles it by a dead letter that says so. */
    void lost(Task task, String message) {
        task.acceptedNanos = loop.nanoTime();
        task.accept(Envelope.ofUndecodable(task.record, defaultType), types.unknown());
        departures.giveUp(task, "lost", new GivenUp(message, null));
    }
}
