package io.sluice.consumer.engine;

/** How a task leaves memory, other than given back. */
enum Exit {
    SUCCESS,
    DEAD_LETTER,
    /** A copy waits for its time in a delay topic. */
    DELAY,
    /** A copy waits for room in the overflow topic. */
    OVERFLOW,
    /** A copy is in the partition where its key belongs. */
    STRAY,
    /** It is a second copy of a task that is, or was, here. */
    DUPLICATE;

    /** Whether the task has ended, and is nowhere else. */
    boolean isLast() {
        return this == SUCCESS || this == DEAD_LETTER;
    }
}
