/** Tests of commands in this JVM. */
@NullMarked
package io.sluice.producer.command;

import org.jspecify.annotations.NullMarked;
