package io.sluice.benchmark.peer;

import java.time.Duration;

/** A thread that does nothing but poll. If it fails, so does the process: a measurement of half a consumer means nothing. */
final class PollThread implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Thread thread;
    private volatile boolean closed;

    private PollThread(Runnable poll, Runnable close) {
        thread = new Thread(
                () -> {
                    while (!closed) {
                        poll.run();
                    }
                    close.run();
                },
                "poll");
        thread.setUncaughtExceptionHandler((failed, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
    }

    /**
     * Starts one.
     *
     * @param poll called again and again; takes no longer than a moment while there is nothing to do
     * @param close called last
     */
    static PollThread start(Runnable poll, Runnable close) {
        PollThread loop = new PollThread(poll, close);
        loop.thread.start();
        return loop;
    }

    /** Returns when it has ended. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
