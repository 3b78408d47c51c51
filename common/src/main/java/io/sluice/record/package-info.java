/**
 * How a task, its result and its dead letter are written in Kafka records.
 *
 * <p>A task is a CloudEvent 1.0 (<a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 * binding</a>): {@link Envelope} reads one, {@link NewTask} writes one. {@link TaskResult} and {@link DeadLetter} are
 * what a finished task owes; a {@link Copy} is the same task elsewhere, which keeps its {@link Trip}.
 */
@NullMarked
package io.sluice.record;

import org.jspecify.annotations.NullMarked;
