package io.sluice.consumer.engine;

import java.time.Duration;

/**
 * Keeps a consumer that was frozen or cut off from starting anything: by now its partitions may have other owners. It is
 * open while the last proof that this consumer is a member of its group is young enough. A proof is as old as the
 * question, not as the answer, which may have waited for the process to wake up.
 *
 * <p>It goes by the monotonic clock, which a suspended machine may stop: what is frozen with its clock cannot know.
 */
public final class Fence {
    private final Loop clock;
    private final long afterNanos;
    private volatile long provenNanos;

    /** @param after how old the last proof may be: less than the group's patience with a silent member */
    public Fence(Loop clock, Duration after) {
        this.clock = clock;
        this.afterNanos = after.toNanos();
        this.provenNanos = clock.nanoTime();
    }

    /** Whether tasks may be started. Any thread. */
    public boolean isOpen() {
        return isOpen(clock.nanoTime());
    }

    /** @param now on the loop's clock */
    boolean isOpen(long now) {
        return now - provenNanos < afterNanos;
    }

    /** How long to go on without another proof: two may fail. */
    Duration proofInterval() {
        return Duration.ofNanos(afterNanos / 3);
    }

    /** Whether it is time for another proof. Any thread. */
    boolean wantsProof() {
        return age() >= afterNanos / 3;
    }

    /**
     * The group's answer shows that this consumer was a member at that time, of {@link Loop#nanoTime}. Poll thread only.
     *
     * @return whether that has opened it
     */
    boolean proven(long nanos) {
        boolean wasOpen = isOpen();
        if (nanos - provenNanos > 0) {
            provenNanos = nanos;
        }
        return !wasOpen && isOpen();
    }

    private long age() {
        return clock.nanoTime() - provenNanos;
    }
}
