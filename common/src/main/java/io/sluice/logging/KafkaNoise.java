package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;

/**
 * Drops the warnings that a healthy Kafka broker and its clients log at every start and stop, and nothing else: their loggers are also those
 * of real warnings, such as a broker that cannot be reached. Named in {@code logback.xml}. Any thread.
 */
public final class KafkaNoise extends Filter<ILoggingEvent> {
    @Override
    public FilterReply decide(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        boolean noise = message.contains("Performing controller activation.")
                || (message.endsWith("Reconciliation failed.") && isByClose(event))
                || (message.contains("creation failed for __consumer_offsets")
                        && message.contains("TOPIC_ALREADY_EXISTS"))
                || message.endsWith("Attempting to close NetworkClient that has already been closed.");
        return noise ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /** A consumer that was given partitions while it was leaving, as happens when several leave at once. */
    private static boolean isByClose(ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        return thrown != null && String.valueOf(thrown.getMessage()).endsWith("before the consumer closed");
    }
}
