/** The built-in handlers against real servers on 127.0.0.1. */
@NullMarked
package io.sluice.consumer.handlers;

import org.jspecify.annotations.NullMarked;
