/** End-to-end tests of the pipeline, in this JVM and on a real broker. */
@NullMarked
package io.sluice.standalone;

import org.jspecify.annotations.NullMarked;
