package io.sluice.consumer.engine;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.settings.Backoff;
import io.sluice.settings.RetrySettings;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Decides what follows a failed attempt. Loop thread only. */
@FunctionalInterface
public interface RetryPolicy {
    /**
     * @param failure what the attempt ended with
     * @param attempts how many have counted, this one included
     * @param age since the first attempt began
     */
    WhatNext after(Throwable failure, int attempts, Duration age);

    /**
     * Exponential backoff: before attempt n + 1 it waits {@code backoff × factor^(n-1)}, at most {@code max-backoff},
     * spread by the jitter. Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
     *
     * <p>It gives up at once on a {@link PermanentFailure} and on a payload or result that does not fit, after
     * {@code max-attempts}, and when the wait would end past {@code max-age}. A {@link RetryLater} waits as long as it
     * says and counts no attempt.
     */
    static RetryPolicy exponential(RetrySettings settings, RandomGenerator random) {
        return (failure, attempts, age) -> {
            if (failure instanceof PermanentFailure) {
                return new WhatNext.GiveUp("permanent");
            }
            if (failure instanceof Misfit misfit) {
                return new WhatNext.GiveUp(misfit.reason());
            }
            boolean counts = !(failure instanceof RetryLater);
            if (counts && attempts >= settings.maxAttempts()) {
                return new WhatNext.GiveUp("exhausted");
            }
            Duration delay = failure instanceof RetryLater later
                    ? later.delay()
                    : spread(wait(settings.backoff(), attempts), settings.backoff(), random);
            return delay.compareTo(settings.maxAge().minus(age)) > 0
                    ? new WhatNext.GiveUp("too-old")
                    : new WhatNext.RetryAfter(delay, counts);
        };
    }

    /** For tasks of a type that nobody here handles, as during a deploy: every second, up to the given age. */
    static RetryPolicy untilKnown(Duration maxAge) {
        Duration pause = Duration.ofSeconds(1);
        return (failure, attempts, age) -> age.plus(pause).compareTo(maxAge) > 0
                ? new WhatNext.GiveUp("unknown-type")
                : new WhatNext.RetryAfter(pause, false);
    }

    private static double wait(Backoff backoff, int attempts) {
        double nanos = backoff.first().toNanos() * Math.pow(backoff.factor(), attempts - 1);
        return Math.min(nanos, (double) backoff.max().toNanos());
    }

    private static Duration spread(double nanos, Backoff backoff, RandomGenerator random) {
        double spread = switch (backoff.jitter()) {
            case NONE -> nanos;
            case EQUAL -> nanos / 2 + random.nextDouble() * nanos / 2;
            case FULL -> random.nextDouble() * nanos;
        };
        return Duration.ofNanos((long) spread);
    }
}
