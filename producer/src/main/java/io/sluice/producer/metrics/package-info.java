/** What producers measure. */
@NullMarked
package io.sluice.producer.metrics;

import org.jspecify.annotations.NullMarked;
