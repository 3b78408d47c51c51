/**
 * What the command lines of all parts share: where settings come from, how a command waits, stops on a signal, and tells
 * a person what went wrong, in one line and with an exit code.
 */
@NullMarked
package io.sluice.cli;

import org.jspecify.annotations.NullMarked;
