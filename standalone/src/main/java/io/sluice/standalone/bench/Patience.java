package io.sluice.standalone.bench;

import java.time.Duration;

/**
 * How long a consumer is waited for before its measurement has failed.
 *
 * @param still while no task's body ends
 * @param whole from the start of its measurement to the end of what it has to do
 */
public record Patience(Duration still, Duration whole) {}
