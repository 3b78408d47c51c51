package io.sluice.consumer.engine;

/** How a task leaves memory, other than given back. */
enum Exit {
    SUCCESS,
    DEAD_LETTER
}
