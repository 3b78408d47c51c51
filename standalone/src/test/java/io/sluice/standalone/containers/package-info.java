/** Tests of the images, which are built once for all of them: {@code mvn -P containers test}, where a container engine answers. */
@NullMarked
package io.sluice.standalone.containers;

import org.jspecify.annotations.NullMarked;
