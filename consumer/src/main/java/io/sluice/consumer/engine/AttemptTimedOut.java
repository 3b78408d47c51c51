package io.sluice.consumer.engine;

import java.time.Duration;

/** An attempt took longer than its type allows. */
public final class AttemptTimedOut extends RuntimeException {
    AttemptTimedOut(Duration timeout) {
        // Where the engine noticed it tells nobody anything.
        super("the attempt took longer than its timeout of " + timeout.toMillis() + " ms", null, false, false);
    }
}
