package io.sluice.consumer.engine;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition for as long as it is owned without a break. If it goes and comes back, that is another one, so a late
 * task of the first can never touch the offsets of the second.
 */
final class OwnedPartition {
    private enum State {
        OWNED,
        REVOKED,
        GONE
    }

    final TopicPartition id;

    /** Poll thread only. */
    final OffsetTracker tracker;

    private final AtomicInteger calls = new AtomicInteger();
    private volatile State state = State.OWNED;

    OwnedPartition(TopicPartition id, long position) {
        this.id = id;
        this.tracker = new OffsetTracker(position);
    }

    /** Poll thread: from here on none of its tasks may start; those that run may still finish. */
    void revoke() {
        state = State.REVOKED;
    }

    /** Poll thread: it may have another owner from here on, so nothing of it is settled any more. */
    void giveUp() {
        state = State.GONE;
    }

    /** Loop thread: code of one of its tasks runs, whatever becomes of the task. */
    void callStarted() {
        calls.incrementAndGet();
    }

    /** Loop thread. */
    void callEnded() {
        calls.decrementAndGet();
    }

    /** Poll thread: whether it can go to another owner without its limits being exceeded or its settled work repeated. */
    boolean isQuiet() {
        return calls.get() == 0 && !tracker.hasOpenTasks();
    }

    /** Any thread. */
    boolean mayStart() {
        return state == State.OWNED;
    }

    /** Any thread. */
    boolean isGone() {
        return state == State.GONE;
    }
}
