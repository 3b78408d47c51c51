/**
 * What happens to a task that comes in, over HTTP or the event bus: it is checked, written once, remembered, and on request
 * waited for. One event loop owns all of it.
 */
@NullMarked
package io.sluice.producer.intake;

import org.jspecify.annotations.NullMarked;
