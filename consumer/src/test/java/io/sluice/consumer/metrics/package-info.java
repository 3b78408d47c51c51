/** What of a consumer's meters needs no consumer to be shown. */
@NullMarked
package io.sluice.consumer.metrics;

import org.jspecify.annotations.NullMarked;
