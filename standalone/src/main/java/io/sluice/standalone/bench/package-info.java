/**
 * Measures consumers: {@link io.sluice.standalone.bench.Bench} makes topics on a broker in a process of its own, writes tasks, starts what is to be
 * measured as processes of their own, and asks a witness beside them what has run and how often.
 */
@NullMarked
package io.sluice.standalone.bench;

import org.jspecify.annotations.NullMarked;
