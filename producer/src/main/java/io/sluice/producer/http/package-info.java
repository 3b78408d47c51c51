/**
 * Tasks over HTTP: the routes, what a request must be, and how an error is told.
 */
@NullMarked
package io.sluice.producer.http;

import org.jspecify.annotations.NullMarked;
