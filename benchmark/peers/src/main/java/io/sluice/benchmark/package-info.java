/** Measures Sluice and what one would pick instead of it, side by side: {@code benchmark/run}. */
@NullMarked
package io.sluice.benchmark;

import org.jspecify.annotations.NullMarked;
