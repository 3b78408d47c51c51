package io.sluice.settings;

/** How much of a backoff is left to chance, so that tasks that failed together do not return together. */
public enum Jitter {
    /** The whole backoff, always. */
    NONE,
    /** Half of it, and up to another half by chance. */
    EQUAL,
    /** Anything from nothing to all of it. */
    FULL
}
