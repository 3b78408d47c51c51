/**
 * What a pipeline is told: one YAML file, environment variables over it, Kafka's own properties passed through.
 *
 * <p>{@link io.sluice.settings.SettingsLoader} reads them into immutable records that check themselves, so a
 * {@link io.sluice.settings.Settings} that exists is one that can work. Whatever is wrong is said at once, a line a fault.
 * Every setting and its default is in {@code reference.yaml} beside these classes.
 *
 * <p>The records are immutable and belong to any thread; a load runs on its caller's and shares nothing.
 */
@NullMarked
package io.sluice.settings;

import org.jspecify.annotations.NullMarked;
