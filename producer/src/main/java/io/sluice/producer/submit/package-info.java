/**
 * Files of tasks put on the topic from the command line, and joined.
 */
@NullMarked
package io.sluice.producer.submit;

import org.jspecify.annotations.NullMarked;
