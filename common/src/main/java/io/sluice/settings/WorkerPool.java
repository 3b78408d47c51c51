package io.sluice.settings;

/**
 * The threads of a type's blocking code.
 *
 * @param threads their kind
 * @param size how many; virtual threads are not pooled, so for them it has no meaning
 */
public record WorkerPool(ThreadKind threads, int size) {
    private static final int JAVA_WITH_VIRTUAL_THREADS = 21;

    /** @throws SettingsException if the size is below 1, or the threads are virtual and this Java has none */
    public WorkerPool {
        check(threads, size, Runtime.version().feature());
    }

    static void check(ThreadKind threads, int size, int java) {
        new Checks()
                .expect(
                        threads != ThreadKind.VIRTUAL || java >= JAVA_WITH_VIRTUAL_THREADS,
                        "threads",
                        "virtual on Java " + java,
                        "platform, or Java " + JAVA_WITH_VIRTUAL_THREADS + " or newer")
                .atLeast("pool-size", size, 1)
                .finish();
    }
}
