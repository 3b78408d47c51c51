package io.sluice.consumer.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** The worker threads of a consumer, and those on which its handlers end their calls off the loop. */
final class SimWorkers implements SimActor, Executor {
    private final SimWorld world;
    private final SimConsumer consumer;
    private final SimTimers elsewhere = new SimTimers();
    private final Deque<Runnable> calls = new ArrayDeque<>();
    private boolean working;

    SimWorkers(SimWorld world, SimConsumer consumer) {
        this.world = world;
        this.consumer = consumer;
    }

    @Override
    public void execute(Runnable call) {
        calls.add(call);
    }

    /** Runs an action at that moment. */
    void at(long nanos, Runnable action) {
        elsewhere.add(nanos, action);
    }

    @Override
    public long readyAt() {
        return calls.isEmpty() || working ? elsewhere.next() : 0;
    }

    @Override
    public void step() {
        if (calls.isEmpty() || working) {
            elsewhere.take().run();
        } else {
            calls.remove().run();
        }
    }

    /**
     * A blocking call works for so long, while all others go on; until it is interrupted. One at a time in all the world,
     * for it is this thread that is interrupted.
     */
    void work(long nanos) {
        if (world.isWorking()) {
            return;
        }
        working = true;
        world.working(true);
        try {
            long end = world.nanos() + nanos;
            while (world.nanos() < end && !Thread.currentThread().isInterrupted() && world.step(end)) {
                consumer.mustLive();
            }
        } finally {
            working = false;
            world.working(false);
        }
    }
}
