package io.sluice.settings;

import java.time.Duration;

/**
 * A topic for tasks that are not due: each of them rests there for the same time, so the first in is the first out.
 *
 * @param topic its name
 * @param length how long a task rests there
 */
public record DelayTier(String topic, Duration length) {}
