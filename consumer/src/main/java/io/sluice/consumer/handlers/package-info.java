/**
 * The built-in handlers: {@code fetch} gets a page and reads it, {@code http} hands the payload to a worker behind a
 * URL.
 *
 * <p>Both send through a {@link io.sluice.consumer.handlers.CancellableClient}, which keeps one promise above all: when
 * an attempt ends early, its connection is closed before its future completes. So a permit that has come back is a
 * connection that the server no longer serves.
 */
@NullMarked
package io.sluice.consumer.handlers;

import org.jspecify.annotations.NullMarked;
