/**
 * What every command builds on: consumers in this JVM.
 */
@NullMarked
package io.sluice.standalone.pipeline;

import org.jspecify.annotations.NullMarked;
