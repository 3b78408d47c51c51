package io.sluice.consumer.engine;

/** What takes steps of its own: a thread of a consumer, the network, the script of a history. */
interface SimActor {
    /** From when on it can take a step; {@link SimTimers#NEVER} if nothing is in sight. */
    long readyAt();

    /** Takes one step. Others may step within it only if it waits. */
    void step();
}
