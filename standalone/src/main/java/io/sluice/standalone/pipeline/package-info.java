/**
 * What every command builds on: consumers in this JVM, topics, tasks submitted and joined, and the main thread's way to
 * wait for all of that or for a signal.
 */
@NullMarked
package io.sluice.standalone.pipeline;

import org.jspecify.annotations.NullMarked;
