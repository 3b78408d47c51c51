package io.sluice.consumer.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One history: a broker, consumers, a script of what befalls them, and one clock. Of all actors that can take a step one
 * does, chosen by the seed; when none can, time passes. Everything is a function of the seed.
 */
final class SimWorld {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final long seed;
    final SplittableRandom random;
    final SimSetup setup;
    final SimTrace trace;
    final Witness witness;
    final SimBroker broker;
    final SimScript script;
    final List<SimConsumer> consumers = new ArrayList<>();

    private final SimTimers events = new SimTimers();
    private long nanos;
    private Set<String> paused = Set.of();
    private boolean calm;
    private boolean away;
    private boolean refusing;
    private boolean working;
    private int steps;

    SimWorld(long seed, boolean traced) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.setup = new SimSetup(random.split());
        this.trace = new SimTrace(this, traced);
        this.witness = new Witness(this);
        this.broker = new SimBroker(this, SimSetup.READ);
        this.script = new SimScript(this);
    }

    long nanos() {
        return nanos;
    }

    Instant now() {
        return START.plusNanos(nanos);
    }

    int steps() {
        return steps;
    }

    /** Whether something goes wrong that does once in so many times; never when faults are over. */
    boolean mishap(int oneIn) {
        return !calm && random.nextInt(oneIn) == 0;
    }

    void calm() {
        calm = true;
        away = false;
        refusing = false;
    }

    boolean isCalm() {
        return calm;
    }

    boolean brokerIsAway() {
        return away;
    }

    void away(boolean now) {
        away = now && !calm;
        consumers.forEach(SimConsumer::wake);
    }

    boolean refusesCommits() {
        return refusing;
    }

    void pause(Set<String> types) {
        trace.say("paused types: %s", types);
        paused = types;
        consumers.forEach(consumer -> consumer.pause(types));
    }

    Set<String> paused() {
        return paused;
    }

    void refuseCommits(boolean now) {
        refusing = now && !calm;
    }

    boolean isWorking() {
        return working;
    }

    void working(boolean now) {
        working = now;
    }

    void after(long delay, Runnable event) {
        events.add(nanos + delay, event);
    }

    /** A consumer has ended, well or not. */
    void gone(SimConsumer consumer) {
        consumer.die();
        consumers.remove(consumer);
        witness.exited(consumer);
    }

    SimRecord recordOf(Attempt attempt) {
        var record = attempt.task.record;
        return Objects.requireNonNull(
                broker.find(new TopicPartition(record.topic(), record.partition()), record.offset()));
    }

    /** One actor takes one step, or time passes, though not beyond that moment; false when that is reached. */
    boolean step(long until) {
        if (++steps > SimScript.MOST_STEPS) {
            witness.broken("liveness", "no end in sight after " + steps + " steps");
        }
        @Nullable SimActor chosen = null;
        int ready = 0;
        long next = Math.min(until, events.next());
        for (SimConsumer consumer : consumers) {
            for (SimActor actor : consumer.actors) {
                long at = actor.readyAt();
                if (at > nanos) {
                    next = Math.min(next, at);
                } else if (random.nextInt(++ready) == 0) {
                    chosen = actor;
                }
            }
        }
        if (events.next() <= nanos) {
            events.take().run();
        } else if (chosen == null) {
            nanos = Math.max(nanos, next);
            return nanos < until;
        } else if (random.nextInt(12) == 0) {
            // The others are slow.
            nanos = Math.max(nanos, Math.min(next, nanos + random.nextInt(30_000_000)));
        } else {
            chosen.step();
        }
        return true;
    }

    /** Without a moment passing, and not in the middle of what a loop does. */
    void stepOthers(int most) {
        int left = most;
        while (left-- > 0 && consumers.stream().noneMatch(consumer -> consumer.loop.isInside())) {
            if (!step(nanos)) {
                return;
            }
        }
    }

    /** Plays it to its end, or to the first promise that breaks. */
    Witness play() {
        SimTorn.in(this);
        script.begin();
        while (!script.isOver() && !witness.isBroken()) {
            step(SimTimers.NEVER);
        }
        SimTorn.in(null);
        if (!witness.isBroken()) {
            witness.end.check();
        }
        return witness;
    }
}
