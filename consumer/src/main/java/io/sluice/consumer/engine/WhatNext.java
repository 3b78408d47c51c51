package io.sluice.consumer.engine;

import java.time.Duration;

/** What becomes of a task whose attempt has failed. */
public sealed interface WhatNext {
    /**
     * Another attempt, after a wait that holds neither permit nor thread.
     *
     * @param countsAttempt whether the failed attempt counts against the policy's limit
     */
    record RetryAfter(Duration delay, boolean countsAttempt) implements WhatNext {}

    /**
     * None.
     *
     * @param reason as in {@link io.sluice.record.Failure#reason()}
     */
    record GiveUp(String reason) implements WhatNext {}
}
