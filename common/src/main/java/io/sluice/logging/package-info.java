/**
 * How the processes log: for people, or as JSON for programs. It is for whoever runs Sluice as a process; in somebody else's application
 * the logging is theirs, and what this needs (Logback) is not among the libraries that they get.
 */
@NullMarked
package io.sluice.logging;

import org.jspecify.annotations.NullMarked;
