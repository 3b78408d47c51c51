/**
 * How a task is written, and read: as JSON, as a line of a file, and what holds for its attributes however it came in.
 */
@NullMarked
package io.sluice.producer.form;

import org.jspecify.annotations.NullMarked;
