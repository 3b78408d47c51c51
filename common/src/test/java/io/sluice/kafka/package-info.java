/** Proves that sending never blocks its caller, and that every record hears what became of it, once. */
@NullMarked
package io.sluice.kafka;

import org.jspecify.annotations.NullMarked;
