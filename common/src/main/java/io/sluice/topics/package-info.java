/**
 * The topics of a pipeline on a broker: looked up, judged, created. What is wrong is a {@link io.sluice.topics.Finding},
 * which names the command that mends it.
 */
@NullMarked
package io.sluice.topics;

import org.jspecify.annotations.NullMarked;
