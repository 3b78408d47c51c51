/**
 * What users write against: a handler for one type of task, and what it can see and say.
 *
 * <p>An asynchronous handler returns a {@link io.vertx.core.Future} and never blocks; a blocking one just runs. Either
 * may throw anything: every outcome is classified, none is lost.
 */
@NullMarked
package io.sluice.handler;

import org.jspecify.annotations.NullMarked;
