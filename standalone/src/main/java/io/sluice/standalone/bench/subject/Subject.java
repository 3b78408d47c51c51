package io.sluice.standalone.bench.subject;

import java.io.IOException;
import java.util.concurrent.Callable;

/** A consumer under measurement. */
@FunctionalInterface
public interface Subject {
    /**
     * Begins to consume; returns soon, perhaps before it is a member of its group.
     *
     * @return ends it in an orderly way, with all commits made
     */
    AutoCloseable start(Job job, Witness witness) throws Exception;

    /**
     * The whole of a process's {@code main}: consumes until standard input ends, says what it has used, exits. Whoever started it may kill it at any
     * time.
     *
     * @param arguments as {@link Job#toArguments} made them
     */
    static void run(String[] arguments, Subject subject) {
        System.exit(exitCode(() -> {
            Job job = Job.parse(arguments);
            Witness witness = Witness.open(job.witness());
            ProcessFigures figures = ProcessFigures.watch();
            AutoCloseable consuming = subject.start(job, witness);
            try {
                awaitEndOfInput();
            } finally {
                consuming.close();
            }
            witness.peakHeap(figures.peakHeap());
            return 0;
        }));
    }

    private static int exitCode(Callable<Integer> body) {
        try {
            return body.call();
        } catch (Exception e) {
            e.printStackTrace();
            return 1;
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is said there.
        }
    }
}
