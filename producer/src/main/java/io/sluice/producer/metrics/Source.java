package io.sluice.producer.metrics;

/** The ways on which tasks come in. */
public enum Source {
    HTTP,
    BATCH,
    BUS
}
