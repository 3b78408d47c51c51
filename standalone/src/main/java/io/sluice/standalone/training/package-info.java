/**
 * What the build of an image needs of a broker: a run of the service as it will run there, for the JVM to learn from. None of it, nor of the broker, is in
 * the image.
 */
@NullMarked
package io.sluice.standalone.training;

import org.jspecify.annotations.NullMarked;
