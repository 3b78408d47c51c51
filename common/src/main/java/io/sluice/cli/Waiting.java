package io.sluice.cli;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** How the main thread waits for futures, so that a command reads downwards. Never on an event loop. */
public final class Waiting {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private Waiting() {}

    /**
     * What the future completes with.
     *
     * @throws RuntimeException what it fails with, as it is if it is unchecked
     */
    public static <T> T on(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw unchecked(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }

    /**
     * Waits until the future completes in whatever way, or for at most this long; says whether it has. Each call leaves a
     * listener at a future that has not completed: who waits again and again makes a {@link CompletableFuture} first.
     */
    public static boolean atMost(Duration time, Future<?> future) {
        return atMost(time, future.toCompletionStage().toCompletableFuture());
    }

    /** The same of a future at which it leaves nothing behind. */
    public static boolean atMost(Duration time, CompletableFuture<?> future) {
        try {
            future.get(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
        return true;
    }

    /** Looks until the condition holds, for at most this long; says whether it has. */
    public static boolean until(BooleanSupplier condition, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    private static RuntimeException unchecked(Throwable cause) {
        return cause instanceof RuntimeException runtime ? runtime : new IllegalStateException(cause.toString(), cause);
    }
}
