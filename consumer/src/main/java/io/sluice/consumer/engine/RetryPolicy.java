package io.sluice.consumer.engine;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.settings.Backoff;
import io.sluice.settings.RetrySettings;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Decides what follows a failed attempt. Loop thread only. */
@FunctionalInterface
public interface RetryPolicy {
    /**
     * @param failure what the attempt ended with
     * @param attempts how many have counted, this one included if it counts
     * @param age since the first attempt began
     */
    WhatNext after(Throwable failure, int attempts, Duration age);

    /**
     * Exponential backoff: before attempt n + 1 it waits {@code backoff × factor^(n-1)}, at most {@code max-backoff},
     * spread by the jitter. Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
     *
     * <p>It gives up at once on a {@link PermanentFailure}, on the exceptions that the settings call permanent and on a
     * payload or result that does not fit, after {@code max-attempts}, and when the wait would end past {@code max-age}. A
     * {@link RetryLater} waits as long as it says and counts no attempt.
     */
    static RetryPolicy exponential(RetrySettings settings, RandomGenerator random) {
        return (failure, attempts, age) -> {
            if (failure instanceof PermanentFailure || isNamed(settings.permanent(), failure)) {
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

    /**
     * For tasks of a type that nobody here handles, as during a deploy: after half the time for which they have been
     * waiting, a second at least, until they have waited for so long.
     */
    static RetryPolicy untilKnown(Duration longest) {
        Duration second = Duration.ofSeconds(1);
        return (failure, attempts, age) -> {
            Duration left = longest.minus(age);
            if (left.isZero() || left.isNegative()) {
                return new WhatNext.GiveUp("unknown-type");
            }
            Duration half = age.dividedBy(2);
            Duration pause = half.compareTo(second) > 0 ? half : second;
            return new WhatNext.RetryAfter(pause.compareTo(left) > 0 ? left : pause, false);
        };
    }

    /** Also true of a subclass. By name, since the class may be in a handler's own jar. */
    private static boolean isNamed(List<String> names, Throwable failure) {
        for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
            if (names.contains(type.getName())) {
                return true;
            }
        }
        return false;
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
