/**
 * How tasks get in, and how one learns what became of them.
 *
 * <p>{@link Tasks} writes tasks and tells when the broker has them. {@link ProducerVerticle} puts it behind HTTP and the
 * event bus, {@link TaskLines} reads tasks from a file, one a line. {@link ResultWatch} follows the results, and
 * {@link Join} counts them until every task that one cares for has its own.
 */
@NullMarked
package io.sluice.producer;

import org.jspecify.annotations.NullMarked;
