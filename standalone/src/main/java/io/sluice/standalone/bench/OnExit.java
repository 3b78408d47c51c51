package io.sluice.standalone.bench;

/** What is done if this process is told to end while something is open: a signal closes nothing. Main thread. */
final class OnExit implements AutoCloseable {
    private final Thread hook;

    private OnExit(Thread hook) {
        this.hook = hook;
    }

    /** @param action runs on a thread of its own, unless this is closed before */
    static OnExit run(Runnable action) {
        Thread hook = new Thread(action, "sluice-bench-leaving");
        Runtime.getRuntime().addShutdownHook(hook);
        return new OnExit(hook);
    }

    @Override
    public void close() {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itRuns) {
            // Then it does what there is to do.
        }
    }
}
