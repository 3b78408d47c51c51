package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** One consumer process: the engine, and around it everything that is not. Its threads are actors. */
final class SimConsumer {
    /** The process has died while its poll thread waited. */
    static final class Died extends Error {
        Died() {
            super(null, null, false, false);
        }
    }

    private static final long LONGEST_PAUSE = 5_000_000_000L;

    final SimWorld world;
    final int number;
    final SimLoop loop;
    final SimSource source;
    final SimSink sink;
    final List<SimActor> actors;
    final SimWorkers workers;
    private final Fence fence;
    private final Dispatcher dispatcher;
    private final PollLoop pollLoop;
    private final Set<String> paused = new HashSet<>();
    private Set<String> toPause = Set.of();
    private boolean alive = true;
    private boolean cutOff;
    private boolean waiting;
    private boolean draining;
    private boolean stopped;
    private long frozenUntil;
    private long touchedNanos;
    private long pollAt;
    private long pause = 1;
    private boolean busy;

    SimConsumer(SimWorld world, int number) {
        this.world = world;
        this.number = number;
        this.loop = new SimLoop(world);
        this.touchedNanos = world.nanos();
        this.source = new SimSource(world, this);
        this.sink = new SimSink(world, this);
        this.workers = new SimWorkers(world, this);
        this.fence = new Fence(loop, world.setup.settings.consumer().patience().fenceAfter());
        this.dispatcher =
                new Dispatcher(world.setup.settings, loop, fence, types(world.random.split()), sink, Timings.NONE);
        this.pollLoop = new PollLoop(
                source,
                dispatcher,
                loop,
                fence,
                this::waitFor,
                new PollLoop.Plan(
                        world.setup.reading(),
                        world.setup.settings.consumer().commitInterval(),
                        SimSetup.HANDOVER_AT_MOST,
                        Timings.NONE));
        this.actors = List.of(new Polling(), new Busy(loop), new Busy(sink), new Busy(workers), source.commits());
    }

    private TaskTypes types(SplittableRandom random) {
        SimHandlers handlers = new SimHandlers(world, this);
        List<TaskType> known = new ArrayList<>();
        world.setup.types.forEach((name, type) ->
                known.add(new TaskType(name, type, RetryPolicy.exponential(type.retry(), random), handlers, workers)));
        TaskType unknown = new TaskType(
                "(unknown)",
                world.setup.type(TestSettings.TYPE),
                RetryPolicy.untilKnown(
                        world.setup.settings.consumer().patience().unknownTypeWait()),
                TaskTypes.unknownBody(),
                workers);
        return new TaskTypes(known, unknown);
    }

    void start() {
        pollLoop.start();
    }

    /** None of these types starts any more, and all others do, when the loop has heard of it. */
    void pause(Set<String> types) {
        paused.retainAll(types);
        toPause = types;
        dispatcher.pause(types).onSuccess(done -> {
            if (toPause == types) {
                paused.addAll(types);
            }
        });
    }

    boolean hasPaused(String type) {
        return paused.contains(type);
    }

    boolean isAlive() {
        return alive;
    }

    boolean isStopping() {
        return draining;
    }

    /** The process is gone: nothing of it happens any more. */
    void die() {
        alive = false;
    }

    /** Nothing of it happens for a while, as between SIGSTOP and SIGCONT. */
    void freeze(long untilNanos) {
        frozenUntil = untilNanos;
    }

    void cutOff(boolean now) {
        cutOff = now;
        wake();
    }

    /** Faults are over. */
    void recover() {
        frozenUntil = 0;
        cutOff(false);
    }

    /** Whether the group counts it among its members. */
    boolean isMember() {
        SimMember member = source.member();
        return member != null && member.isKnown();
    }

    /** Its client has had an answer from the broker. */
    void touchesBroker() {
        if (isMember()) {
            touchedNanos = world.nanos();
        }
    }

    /** Whether it has heard nothing for so long that it must not start anything. */
    boolean isFencedOff() {
        return world.nanos() - touchedNanos >= TestSettings.FENCE_AFTER.toNanos();
    }

    boolean reachesBroker() {
        return !cutOff && !world.brokerIsAway();
    }

    void mustLive() {
        if (!alive || world.witness.isBroken()) {
            throw new Died();
        }
    }

    /** There is something for the next poll. */
    void wake() {
        pollAt = Math.min(pollAt, world.nanos() + world.random.nextInt(30_000_000));
        pause = 1;
    }

    /** Stops it as its verticle does. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        pollLoop.stopTaking();
        dispatcher
                .drain(world.setup.settings.consumer().stopping().drainTimeout())
                .onComplete(account -> lookIfSettled(world.nanos() + 10_000_000_000L));
    }

    private void lookIfSettled(long untilNanos) {
        if (dispatcher.settling() == 0 || world.nanos() >= untilNanos) {
            stopped = true;
            pollLoop.stop();
            wake();
        } else {
            loop.after(Duration.ofMillis(5 + world.random.nextInt(50)), () -> lookIfSettled(untilNanos));
        }
    }

    /** Runs an action at that moment, on the loop or on another thread of the process. */
    void at(long nanos, Runnable action) {
        if (world.random.nextInt(4) > 0) {
            loop.at(nanos, action);
        } else {
            workers.at(nanos, action);
        }
    }

    /** The poll thread waits, and all others go on. */
    boolean waitFor(BooleanSupplier condition, Duration atMost) {
        long end = world.nanos() + atMost.toNanos();
        boolean outer = waiting;
        waiting = true;
        try {
            while (frozenUntil > world.nanos() || (!condition.getAsBoolean() && world.nanos() < end)) {
                world.step(Math.max(end, frozenUntil));
                mustLive();
            }
        } finally {
            waiting = outer;
        }
        return condition.getAsBoolean();
    }

    @Override
    public String toString() {
        return "consumer " + number;
    }

    /** One that the poll loop follows more closely while it has something to do. */
    private final class Busy implements SimActor {
        private final SimActor actor;

        Busy(SimActor actor) {
            this.actor = actor;
        }

        @Override
        public long readyAt() {
            return Math.max(frozenUntil, actor.readyAt());
        }

        @Override
        public void step() {
            busy = true;
            actor.step();
        }
    }

    private final class Polling implements SimActor {
        @Override
        public long readyAt() {
            return waiting ? SimTimers.NEVER : Math.max(frozenUntil, pollAt);
        }

        @Override
        public void step() {
            pollAt = SimTimers.NEVER;
            try {
                if (stopped) {
                    pollLoop.close(true);
                    world.gone(SimConsumer.this);
                } else {
                    waiting = true;
                    pollLoop.turn();
                    waiting = false;
                    rest();
                }
            } catch (Died died) {
                world.trace.say("%s died inside a turn", SimConsumer.this);
            } catch (RuntimeException unexpected) {
                world.witness.broken("threads", "the poll thread ends by " + unexpected);
            }
        }

        private void rest() {
            if (busy) {
                pause = 1;
                busy = false;
            } else {
                pause = Math.min(pause * 3, LONGEST_PAUSE / 20_000_000);
            }
            pollAt = Math.min(pollAt, world.nanos() + pause * (1 + world.random.nextInt(20_000_000)));
        }
    }
}
