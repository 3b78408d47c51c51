/** The engine's source on a Kafka consumer group. */
@NullMarked
package io.sluice.consumer.kafka;

import org.jspecify.annotations.NullMarked;
