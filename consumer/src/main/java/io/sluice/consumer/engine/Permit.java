package io.sluice.consumer.engine;

import org.jspecify.annotations.Nullable;

/** The right to run one attempt: counted for its key, its type and the consumer until it is released. Loop thread only. */
final class Permit {
    final Task task;
    final @Nullable LaneKey key;
    private final Lanes lanes;
    private boolean released;

    Permit(Lanes lanes, Task task, @Nullable LaneKey key) {
        this.lanes = lanes;
        this.task = task;
        this.key = key;
    }

    /** Gives it back; a second call does nothing. */
    void release() {
        if (!released) {
            released = true;
            lanes.release(this);
        }
    }
}
