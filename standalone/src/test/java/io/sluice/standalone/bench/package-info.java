/** Tests of what makes figures of a measurement, without measuring. */
@NullMarked
package io.sluice.standalone.bench;

import org.jspecify.annotations.NullMarked;
