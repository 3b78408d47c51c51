package io.sluice.producer.client;

import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that hands over results until it is closed. Its methods may be called from any thread. */
public interface ResultFeed {
    /** Completes when no result of a task that is submitted from then on can be missed; fails if it cannot begin. */
    Future<Void> started();

    /** Completes when all that was there at the start, from the given time on, has been handed over. */
    Future<Void> caughtUp();

    /**
     * Whether all that was there a few seconds ago has been handed over; not while the broker is away. Only of one that
     * began at a given time.
     */
    boolean isCurrent();

    /** When it last found that results were deleted before it had read them; null if it never did. */
    @Nullable
    Instant lostAt();

    /**
     * Hands over no more results, also if it has not started yet.
     *
     * @return completes when nothing of it is left
     */
    Future<Void> close();
}
