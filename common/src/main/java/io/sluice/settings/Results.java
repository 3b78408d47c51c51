package io.sluice.settings;

/** Which finished tasks of a type are written to the results topic. */
public enum Results {
    ALL,
    FAILURES,
    NONE
}
