/** Talking to Kafka: what the two sides share. */
@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
