package io.sluice.consumer.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One partition number of all topics that are read, for as long as all of these twins are owned without a break. If one
 * goes and comes back, that is another one, so a late task of the first can never touch the offsets of the second.
 */
final class OwnedPartition {
    private enum State {
        OWNED,
        REVOKED,
        GONE
    }

    final int number;

    /** How many partitions the topics had when this one was assigned; 0 if that is not known. */
    final int of;

    /** How many of its tasks count against a share. Loop thread only. */
    int sharing;

    /** What has come of it from the topic where tasks come from. Loop thread only. */
    final Chances tasks = new Chances();

    /** And from the overflow topic. Loop thread only. */
    final Chances overflow = new Chances();

    /** Loop thread only. */
    final Copies copies = new Copies();

    private final List<Twin> twins = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();

    /** An earlier owner may have moved tasks there, after this consumer had last asked where the topic ends. */
    private volatile boolean overflowed = true;

    private volatile State state = State.OWNED;

    OwnedPartition(int number, int of) {
        this.number = number;
        this.of = of;
    }

    /** Poll thread, before anything of it is read. */
    void add(Twin twin) {
        twins.add(twin);
    }

    /** One for each topic. Poll thread only. */
    List<Twin> twins() {
        return twins;
    }

    /** Hands over those that have rested long enough. Poll thread only. */
    void release(Instant now, Consumer<Task> ready) {
        twins.forEach(twin -> twin.release(now, ready));
    }

    /** Poll thread: from here on none of its tasks may start; those that run may still finish. */
    void revoke() {
        state = State.REVOKED;
        twins.forEach(Twin::dropHeld);
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

    /** One of its tasks has settled, or goes to the overflow topic, or does not after all. Any thread, when that is to be seen. */
    void changed() {
        changes.incrementAndGet();
    }

    /** How often that was. Any thread. */
    int changes() {
        return changes.get();
    }

    /** Loop thread: a task of it is in the overflow topic now. */
    void overflowed() {
        overflowed = true;
    }

    /** Poll thread: whether one may be, of which that has not been said yet. */
    boolean hasOverflowed() {
        if (!overflowed) {
            return false;
        }
        overflowed = false;
        return true;
    }

    /** Poll thread: whether it can go to another owner without its limits being exceeded or its settled work repeated. */
    boolean isQuiet() {
        return calls.get() == 0 && twins.stream().noneMatch(twin -> twin.tracker.hasOpenTasks());
    }

    /** Any thread. */
    boolean mayStart() {
        return state == State.OWNED;
    }

    /** Any thread. */
    boolean isGone() {
        return state == State.GONE;
    }

    @Override
    public String toString() {
        return "partition " + number;
    }
}
