package io.sluice.consumer.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The event loop of one consumer: an actor of its own on the clock of the world. */
final class SimLoop implements Loop, SimActor {
    private final SimWorld world;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private final SimTimers timers = new SimTimers();
    private boolean inside;

    SimLoop(SimWorld world) {
        this.world = world;
    }

    @Override
    public void execute(Runnable action) {
        queue.add(action);
    }

    @Override
    public void run(Runnable action) {
        if (inside) {
            action.run();
        } else {
            execute(action);
        }
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        if (!inside) {
            world.witness.broken("threads", "a timer is set off the loop");
        }
        return timers.add(world.nanos() + Math.max(0, delay.toNanos()), action);
    }

    @Override
    public long nanoTime() {
        return world.nanos();
    }

    @Override
    public Instant now() {
        return world.now();
    }

    @Override
    public long readyAt() {
        return queue.isEmpty() ? timers.next() : 0;
    }

    @Override
    public void step() {
        boolean timerFirst = queue.isEmpty() || (timers.next() <= world.nanos() && world.random.nextBoolean());
        Runnable action = timerFirst ? timers.take() : queue.remove();
        inside = true;
        try {
            action.run();
        } finally {
            inside = false;
        }
    }

    /** Ends a call of a handler's at that moment, here or on another thread. */
    void at(long nanos, Runnable action) {
        timers.add(nanos, action);
    }

    boolean isInside() {
        return inside;
    }
}
