/** Proves that what is written is what is read, and that what makes no sense is refused in one clear line. */
@NullMarked
package io.sluice.record;

import org.jspecify.annotations.NullMarked;
