package io.sluice.consumer.engine;

import java.time.Duration;

/**
 * Keys that rest, as a handler asked with {@link io.sluice.handler.RetryLater#forKey}: none of their tasks starts until
 * the rest is over; those that run go on. Loop thread only.
 */
final class KeyRests {
    private final Loop loop;
    private final Lanes lanes;
    private final Runnable afterwards;

    /** @param afterwards runs when a rest is over */
    KeyRests(Loop loop, Lanes lanes, Runnable afterwards) {
        this.loop = loop;
        this.lanes = lanes;
        this.afterwards = afterwards;
    }

    /** Of two rests the one that ends later counts. */
    void rest(LaneKey key, Duration delay) {
        long until = loop.nanoTime() + delay.toNanos();
        if (key.rest != null) {
            if (key.restUntilNanos - until >= 0) {
                return;
            }
            key.rest.cancel();
        }
        key.restUntilNanos = until;
        key.rest = loop.after(delay, () -> {
            key.rest = null;
            lanes.wake(key);
            afterwards.run();
        });
    }
}
