package io.sluice.management;

import java.time.Duration;

/** Whoever was asked has not answered in time. */
final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    NoAnswer(Duration patience) {
        super(null, null, false, false);
        this.reason = "no answer within " + patience.toSeconds() + " s";
    }

    String reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return reason;
    }
}
