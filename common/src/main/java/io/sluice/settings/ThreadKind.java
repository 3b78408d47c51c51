package io.sluice.settings;

/** The threads that a type's blocking code runs on. */
public enum ThreadKind {
    PLATFORM,
    /** Needs Java 21 or newer. */
    VIRTUAL
}
