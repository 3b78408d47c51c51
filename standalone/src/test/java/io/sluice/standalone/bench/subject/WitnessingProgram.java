package io.sluice.standalone.bench.subject;

import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;

/** A process that runs the bodies of all tasks of a witness, in several threads, and all of the first ones at once. */
final class WitnessingProgram {
    static final int THREADS = 4;

    private WitnessingProgram() {}

    public static void main(String[] arguments) throws Exception {
        run(Witness.open(Path.of(arguments[0])));
    }

    /** Every task is run once. */
    static void run(Witness witness) throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(THREADS);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            threads[i] = new Thread(() -> work(witness, first, together));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void work(Witness witness, int first, CyclicBarrier together) {
        try {
            for (int task = first; task < witness.tasks(); task += THREADS) {
                witness.started(task);
                if (task == first) {
                    together.await();
                }
                witness.ended(task);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
