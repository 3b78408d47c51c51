/** The verticle and its threads, with a real Vert.x. */
@NullMarked
package io.sluice.consumer;

import org.jspecify.annotations.NullMarked;
