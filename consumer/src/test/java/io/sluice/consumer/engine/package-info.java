/** The engine in virtual time: a loop, a source and a sink that do only what a test tells them. */
@NullMarked
package io.sluice.consumer.engine;

import org.jspecify.annotations.NullMarked;
