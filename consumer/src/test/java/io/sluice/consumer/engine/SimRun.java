package io.sluice.consumer.engine;

/** One call of a body. */
final class SimRun {
    final int id;
    final SimRecord record;
    final SimConsumer consumer;

    /** The consumer's partition when it began. */
    final SimLife life;

    final SimPlan.Act act;
    final long startedNanos;

    /** When, in steps, it started. */
    final long startedAt;

    /** When it was told to stop; -1 if it was not. */
    long cancelledNanos = -1;

    boolean over;
    boolean endedWell;

    /** Its partition has gone to another owner by the end of a session or of the group's patience: the one exception. */
    boolean exempt;

    SimRun(int id, SimRecord record, SimConsumer consumer, SimLife life, SimPlan.Act act, long startedAt) {
        this.id = id;
        this.record = record;
        this.consumer = consumer;
        this.life = life;
        this.act = act;
        this.startedAt = startedAt;
        this.startedNanos = consumer.world.nanos();
    }

    SimTask task() {
        return record.task;
    }

    /** Whether it had to wait for a thread when its attempt had begun. */
    boolean isQueued() {
        return act.how() == SimPlan.How.BLOCKING || act.how() == SimPlan.How.BLOCKING_FAILS;
    }

    @Override
    public String toString() {
        return "run " + id + " of " + record.task + " (" + record + ", " + act.how() + ") on " + consumer;
    }
}
