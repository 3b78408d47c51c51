/** The {@code sluice} command: everything in one JVM, or one part of it. */
@NullMarked
package io.sluice.standalone;

import org.jspecify.annotations.NullMarked;
