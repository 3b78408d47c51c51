/**
 * The command line of whoever puts tasks in.
 */
@NullMarked
package io.sluice.producer.command;

import org.jspecify.annotations.NullMarked;
