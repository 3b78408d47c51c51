/** The consumer: {@link io.sluice.consumer.ConsumerVerticle} puts the engine on Vert.x and Kafka. */
@NullMarked
package io.sluice.consumer;

import org.jspecify.annotations.NullMarked;
