/** Proves that what was accepted is on the topic, and that what is refused says why. */
@NullMarked
package io.sluice.producer.intake;

import org.jspecify.annotations.NullMarked;
