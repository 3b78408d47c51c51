/** What the engine's inner parts cost, by JMH: {@code benchmark/run jmh}. In the engine's own package, since they are nobody else's. */
@NullMarked
package io.sluice.consumer.engine;

import org.jspecify.annotations.NullMarked;
