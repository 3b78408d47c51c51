/** What single steps cost, by JMH: {@code benchmark/run jmh}. */
@NullMarked
package io.sluice.benchmark.micro;

import org.jspecify.annotations.NullMarked;
