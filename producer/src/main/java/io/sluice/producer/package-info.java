/**
 * How tasks get in, and how one learns what became of them.
 *
 * <p>{@link io.sluice.producer.ProducerVerticle} takes them over HTTP ({@code http}) and the event bus, and puts them on
 * their topic ({@code client}). {@code form} is how a task is written, {@code submit} sends whole files, {@code command}
 * is the command line.
 */
@NullMarked
package io.sluice.producer;

import org.jspecify.annotations.NullMarked;
