/** How a running service is looked at from outside: its health, and what it measures, on a port of their own. */
@NullMarked
package io.sluice.management;

import org.jspecify.annotations.NullMarked;
