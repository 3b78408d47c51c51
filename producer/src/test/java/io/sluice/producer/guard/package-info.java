/** Tests of the guard: its parts alone, and in front of a deployed producer. */
@NullMarked
package io.sluice.producer.guard;

import org.jspecify.annotations.NullMarked;
