package io.sluice.standalone.broker;

import org.jspecify.annotations.Nullable;

/** The embedded broker could not start. The message is one line for people: what is wrong, and what mends it. */
public final class BrokerFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    BrokerFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
