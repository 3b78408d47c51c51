/**
 * A consumer's numbers as Micrometer meters: counters that grow by what each consumer of the process has done since it was last
 * asked, gauges that are their sum, and times as they are heard of. No label is ever a key.
 */
@NullMarked
package io.sluice.consumer.metrics;

import org.jspecify.annotations.NullMarked;
