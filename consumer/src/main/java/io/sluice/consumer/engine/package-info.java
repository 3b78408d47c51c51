/**
 * The engine: what happens to a task between poll and commit. Plain Java over small interfaces; it knows neither a
 * {@code KafkaConsumer} nor a {@code Vertx}.
 *
 * <pre>
 * PollLoop ─one batch a poll─▶ Dispatcher ─▶ Lanes (key, type, consumer) ─▶ Attempt ─▶ WhatNext
 *    ▲                                                                                  │
 *    └── commit ◀── OffsetTracker ◀── settled flag ◀── Settler ◀── the records it owes ◀┘
 * </pre>
 *
 * <p>Three threads: the poll thread owns {@link io.sluice.consumer.engine.PollLoop} and the trackers; the
 * {@link io.sluice.consumer.engine.Loop} owns the dispatcher, lanes, permits and attempts; the sink's threads call
 * acknowledgements. They meet in a task's end, a partition's state and count of calls, the settler's counts, and in
 * inboxes; nowhere else.
 */
@NullMarked
package io.sluice.consumer.engine;

import org.jspecify.annotations.NullMarked;
