package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.settings.Backoff;
import io.sluice.settings.Jitter;
import io.sluice.settings.RetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    private final Throwable failure = new IllegalStateException("failed");
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private static RetrySettings settings(Jitter jitter) {
        return new RetrySettings(
                8,
                new Backoff(Duration.ofMillis(200), 3, Duration.ofSeconds(5), jitter),
                Duration.ofHours(1),
                TestSettings.IN_MEMORY,
                List.of());
    }

    private static RetryPolicy policy(Jitter jitter) {
        return RetryPolicy.exponential(settings(jitter), new Random(7));
    }

    private Duration delay(RetryPolicy policy, int attempts) {
        if (policy.after(failure, attempts, YOUNG) instanceof WhatNext.RetryAfter retry) {
            return retry.delay();
        }
        throw new AssertionError("it gave up");
    }

    @Test
    void withoutJitterTheWaitsGrowByTheFactorUpToTheCap() {
        RetryPolicy policy = policy(Jitter.NONE);

        List<Long> waits = new ArrayList<>();
        for (int attempts = 1; attempts < 8; attempts++) {
            waits.add(delay(policy, attempts).toMillis());
        }

        assertThat(waits).containsExactly(200L, 600L, 1_800L, 5_000L, 5_000L, 5_000L, 5_000L);
    }

    @Test
    void fullJitterSpreadsOverTheWholeWait() {
        RetryPolicy policy = policy(Jitter.FULL);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waits.add(delay(policy, 2).toMillis());
        }

        assertThat(waits).allMatch(wait -> wait >= 0 && wait <= 600);
        assertThat(waits.stream().mapToLong(wait -> wait).average().orElseThrow())
                .isBetween(280.0, 320.0);
        assertThat(waits).anyMatch(wait -> wait < 30).anyMatch(wait -> wait > 570);
    }

    @Test
    void equalJitterKeepsHalfOfTheWait() {
        RetryPolicy policy = policy(Jitter.EQUAL);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            waits.add(delay(policy, 2).toMillis());
        }

        assertThat(waits).allMatch(wait -> wait >= 300 && wait <= 600);
        assertThat(waits.stream().mapToLong(wait -> wait).average().orElseThrow())
                .isBetween(440.0, 460.0);
    }

    @Test
    void aHugeNumberOfAttemptsStaysAtTheCap() {
        RetrySettings endless = new RetrySettings(
                Integer.MAX_VALUE,
                new Backoff(Duration.ofDays(3000), 1e300, Duration.ofDays(3650), Jitter.NONE),
                Duration.ofDays(3650),
                TestSettings.IN_MEMORY,
                List.of());

        WhatNext next = RetryPolicy.exponential(endless, new Random(1)).after(failure, 1_000_000, Duration.ZERO);

        assertThat(next).isEqualTo(new WhatNext.RetryAfter(Duration.ofDays(3650), true));
    }

    @Test
    void theLastAttemptIsTheLast() {
        RetryPolicy policy = policy(Jitter.NONE);

        assertThat(policy.after(failure, 7, YOUNG)).isInstanceOf(WhatNext.RetryAfter.class);
        assertThat(policy.after(failure, 8, YOUNG)).isEqualTo(new WhatNext.GiveUp("exhausted"));
    }

    @Test
    void aWaitThatWouldEndPastTheMaxAgeIsNotBegun() {
        RetryPolicy policy = policy(Jitter.NONE);
        Duration justInTime = Duration.ofHours(1).minusMillis(200);

        assertThat(policy.after(failure, 1, justInTime)).isInstanceOf(WhatNext.RetryAfter.class);
        assertThat(policy.after(failure, 1, justInTime.plusMillis(1))).isEqualTo(new WhatNext.GiveUp("too-old"));
    }

    @Test
    void aPermanentFailureIsNotTriedAgain() {
        assertThat(policy(Jitter.NONE).after(new PermanentFailure("no such page"), 1, YOUNG))
                .isEqualTo(new WhatNext.GiveUp("permanent"));
    }

    @Test
    void aPayloadOrResultThatDoesNotFitIsNotTriedAgain() {
        assertThat(policy(Jitter.NONE).after(new Misfit("payload", "url is missing", null), 1, YOUNG))
                .isEqualTo(new WhatNext.GiveUp("payload"));
        assertThat(policy(Jitter.NONE).after(new Misfit("result", "not JSON", null), 1, YOUNG))
                .isEqualTo(new WhatNext.GiveUp("result"));
    }

    @Test
    void retryLaterWaitsAsLongAsItSaysAndCountsNoAttempt() {
        WhatNext next = policy(Jitter.FULL).after(new RetryLater(Duration.ofMinutes(2), "429"), 8, YOUNG);

        assertThat(next).isEqualTo(new WhatNext.RetryAfter(Duration.ofMinutes(2), false));
    }

    @Test
    void retryLaterIsBoundedByTheMaxAge() {
        RetryPolicy policy = policy(Jitter.NONE);

        assertThat(policy.after(new RetryLater(Duration.ofHours(1), "429"), 1, YOUNG))
                .isEqualTo(new WhatNext.GiveUp("too-old"));
        assertThat(policy.after(new RetryLater(Duration.ofSeconds(Long.MAX_VALUE), "429"), 1, YOUNG))
                .isEqualTo(new WhatNext.GiveUp("too-old"));
    }

    @Test
    void theSettingsMayCallAnExceptionPermanentByItsName() {
        RetryPolicy policy = RetryPolicy.exponential(
                new RetrySettings(
                        8,
                        new Backoff(Duration.ofMillis(200), 3, Duration.ofSeconds(5), Jitter.NONE),
                        Duration.ofHours(1),
                        TestSettings.IN_MEMORY,
                        List.of(IllegalArgumentException.class.getName())),
                new Random(1));

        assertThat(policy.after(new IllegalArgumentException(), 1, YOUNG)).isEqualTo(new WhatNext.GiveUp("permanent"));
        assertThat(policy.after(new NumberFormatException(), 1, YOUNG))
                .as("a subclass")
                .isEqualTo(new WhatNext.GiveUp("permanent"));
        assertThat(policy.after(new RuntimeException(new IllegalArgumentException()), 1, YOUNG))
                .isInstanceOf(WhatNext.RetryAfter.class);
    }

    @Test
    void anUnknownTypeWaitsHalfAsLongAgainAsItHasWaitedUntilItHasWaitedForLongEnough() {
        RetryPolicy policy = RetryPolicy.untilKnown(Duration.ofMinutes(10));

        assertThat(pause(policy, Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause(policy, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause(policy, Duration.ofMinutes(4))).isEqualTo(Duration.ofMinutes(2));
        assertThat(pause(policy, Duration.ofMinutes(9)))
                .as("one last look at the end")
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(policy.after(failure, 1, Duration.ofMinutes(10))).isEqualTo(new WhatNext.GiveUp("unknown-type"));
    }

    private Duration pause(RetryPolicy policy, Duration age) {
        WhatNext next = policy.after(failure, 1, age);
        if (next instanceof WhatNext.RetryAfter retry && !retry.countsAttempt()) {
            return retry.delay();
        }
        throw new AssertionError(next);
    }
}
