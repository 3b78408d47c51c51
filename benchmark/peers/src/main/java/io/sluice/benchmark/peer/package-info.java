/**
 * Consumers to measure Sluice beside: each is the main class of a process of its own, and does what a job says in the way in which its library's
 * documentation recommends it.
 */
@NullMarked
package io.sluice.benchmark.peer;

import org.jspecify.annotations.NullMarked;
