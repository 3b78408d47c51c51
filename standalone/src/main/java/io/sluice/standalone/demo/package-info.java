/** {@code sluice demo}: the whole pipeline doing its main job in one JVM, and an honest account of it. */
@NullMarked
package io.sluice.standalone.demo;

import org.jspecify.annotations.NullMarked;
