/**
 * The command line of whoever runs tasks, and consumers in this JVM, which every command of the others builds on, too.
 */
@NullMarked
package io.sluice.consumer.command;

import org.jspecify.annotations.NullMarked;
