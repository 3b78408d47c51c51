package io.sluice.consumer.engine;

/** Hears how long things take. What it throws is logged and goes no further: to measure must not break delivery. */
public interface Timings {
    /** Hears nothing. */
    Timings NONE = new Timings() {};

    /** An attempt starts, so long after its task was ready to. Loop thread. */
    default void queued(String type, long nanos) {}

    /** An attempt has ended, and had its permit for so long. Loop thread. */
    default void ran(String type, long nanos) {}

    /** The broker has answered a commit after so long, or refused it. Poll thread. */
    default void committed(long nanos) {}

    /** Revoked partitions were given back after so long. Poll thread. */
    default void handedOver(long nanos) {}

    /** A poll begins, so long after the one before it. Poll thread. */
    default void polled(long nanos) {}
}
