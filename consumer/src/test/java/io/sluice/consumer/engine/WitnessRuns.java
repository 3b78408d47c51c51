package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** P3, P4 and P2: which calls run at once, in which order they start, and which should not start again. */
final class WitnessRuns {
    private final SimWorld world;
    private final Witness witness;
    private final List<SimRun> running = new ArrayList<>();
    private final List<SimRun> all = new ArrayList<>();

    WitnessRuns(SimWorld world, Witness witness) {
        this.world = world;
        this.witness = witness;
    }

    List<SimRun> running() {
        return List.copyOf(running);
    }

    boolean isQuiet() {
        return running.isEmpty();
    }

    /** The call with that number. */
    SimRun run(int id) {
        return all.get(id);
    }

    /** The record's last call that has ended well. */
    SimRun lastGood(SimRecord record) {
        SimRun found = null;
        for (SimRun run : all) {
            found = run.record == record && run.endedWell ? run : found;
        }
        if (found == null) {
            throw new IllegalStateException("a result is written of " + record + ", and no call has ended well");
        }
        return found;
    }

    List<SimRun> all() {
        return all;
    }

    SimRun started(SimConsumer consumer, SimRecord record, SimPlan.Act act) {
        SimLife life = witness.life(consumer, record.id);
        SimRun run = new SimRun(
                all.size(),
                record,
                consumer,
                life == null ? new SimLife(consumer, record.id) : life,
                act,
                witness.moment());
        world.trace.say("%s starts", run);
        run.exempt = !consumer.isMember();
        all.add(run);
        running.add(run);
        if (run.isQueued() && life == null) {
            // Its call was begun while it was there, and has not been told yet that it is lost.
            run.exempt = true;
        } else if (life == null || !witness.hasTwins(consumer, record.id)) {
            witness.broken("P3", run + " starts, though its partition is not there, or not whole");
        } else if (!consumer.isAlive()) {
            witness.broken("threads", run + " starts in a process that has died");
        }
        if (!run.isQueued() && consumer.isFencedOff()) {
            witness.broken("P3", run + " starts, though its consumer has not heard of its group for too long");
        }
        checkLimits(run);
        checkPatience(run);
        if (!run.exempt) {
            checkOrder(run);
        }
        boolean done = record.committed || record.settledBefore || witness.commits.isBehindCommit(record);
        if (done && !run.exempt) {
            witness.broken("P2", run + " starts, though a commit says that its task is settled");
        }
        if (!run.isQueued()
                && run.task().plan.expiresIn() > 0
                && world.nanos() >= run.task().expiresAt()) {
            witness.broken("expiry", run + " starts after its task's expiry");
        }
        if (world.nanos() < run.task().dueAt()) {
            witness.broken("due", run + " starts before its task is due");
        }
        return run;
    }

    private void checkPatience(SimRun run) {
        if (run.task().isProbe && world.nanos() - run.task().writtenNanos() > SimScript.PATIENCE) {
            witness.broken("P5", run + " of a calm key starts late, behind a flood");
        }
        if (!run.isQueued() && run.consumer.hasPaused(run.task().type)) {
            witness.broken("P5", run + " starts, though its type is paused");
        }
    }

    /** P3. A key's own consumer counts all calls it still makes; across consumers those of a lost session are left out. */
    private void checkLimits(SimRun run) {
        int ofConsumer = 0;
        int ofType = 0;
        int ofKey = 0;
        String key = run.task().key;
        for (SimRun other : running) {
            boolean sameConsumer = other.consumer == run.consumer;
            ofConsumer += sameConsumer ? 1 : 0;
            ofType += sameConsumer && other.task().type.equals(run.task().type) ? 1 : 0;
            boolean sameKey = key != null && key.equals(other.task().key);
            ofKey += sameKey && (sameConsumer || (!other.exempt && !run.exempt)) ? 1 : 0;
        }
        atMost(run, "in flight", ofConsumer, world.setup.limits.maxInFlight());
        atMost(
                run,
                "in flight of type " + run.task().type,
                ofType,
                world.setup.type(run.task().type).maxInFlight());
        atMost(run, "in flight of key " + key, ofKey, world.setup.limits.maxInFlightPerKey());
    }

    private void atMost(SimRun run, String what, int number, int limit) {
        if (number > limit) {
            witness.broken("P3", run + " makes " + number + " " + what + ", and the limit is " + limit);
        }
    }

    /** P4: every earlier task of its key has been settled, here if it has been read here. */
    private void checkOrder(SimRun run) {
        if (!world.setup.isOrdered() || run.task().key == null) {
            return;
        }
        SimLog log = world.broker.log(run.record.id);
        for (long offset = 0; offset < run.record.offset(); offset++) {
            SimRecord earlier = log.at(offset);
            // What cannot be decoded does not run.
            boolean runs = earlier != null && earlier.task.plan.kind() != SimPlan.Kind.UNDECODABLE;
            if (earlier != null
                    && runs
                    && Objects.equals(earlier.task.key, run.task().key)
                    && !isSettled(earlier, run)) {
                witness.broken("P4", run + " starts before " + earlier.task + " (" + earlier + ") is settled");
            }
        }
    }

    private static boolean isSettled(SimRecord earlier, SimRun run) {
        boolean isHere = earlier.life == run.life;
        boolean isCopied = earlier.task.records.size() > 2;
        return isCopied
                || earlier.committed
                || (isHere ? earlier.isSettled() : earlier.task.total.isComplete(earlier.task));
    }

    void cancelled(SimRun run) {
        if (!run.over) {
            run.cancelledNanos = world.nanos();
            world.trace.say("%s is told to stop", run);
        }
    }

    /** @param well with a result, not with a failure */
    void ended(SimRun run, boolean well) {
        world.trace.say("%s ends %s", run, well ? "well" : "badly");
        run.over = true;
        run.endedWell = well;
        run.task().succeeded |= well && !isLate(run);
        running.remove(run);
        if (well && !isLate(run)) {
            run.task().total.endedWell();
            if (run.record.life == run.life) {
                witness.twins(new Witness.Post(run.consumer, witness.moment()), run.record)
                        .forEach(record -> record.outcome.endedWell());
            }
        }
    }

    /** Whether its timeout has told it to stop, so that its result counts no more. */
    boolean isLate(SimRun run) {
        return run.cancelledNanos >= 0 && run.cancelledNanos - run.startedNanos >= timeoutNanos(run);
    }

    private long timeoutNanos(SimRun run) {
        return world.setup.type(run.task().type).timeout().toNanos();
    }

    /** Whether a call of it has run on for longer than it may when it has been told to stop. */
    boolean hasOverstayed(SimTask task) {
        long grace = TestSettings.STOP_GRACE.toNanos();
        return all.stream()
                .filter(run -> run.task() == task && run.cancelledNanos >= 0)
                .anyMatch(run -> world.nanos() - run.cancelledNanos >= grace);
    }

    void exempt(SimConsumer consumer) {
        running.stream().filter(run -> run.consumer == consumer).forEach(this::exempt);
    }

    void exempt(SimRun run) {
        run.exempt = true;
        world.trace.say("%s does not count any more", run);
    }

    void exited(SimConsumer consumer) {
        running.removeIf(run -> {
            run.over |= run.consumer == consumer;
            return run.consumer == consumer;
        });
    }
}
