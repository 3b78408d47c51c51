/** The source on Kafka's own mock of a consumer. */
@NullMarked
package io.sluice.consumer.kafka;

import org.jspecify.annotations.NullMarked;
