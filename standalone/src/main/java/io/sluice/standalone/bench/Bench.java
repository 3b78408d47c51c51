package io.sluice.standalone.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker to measure on. What it makes of files and processes is gone when it is closed. Main thread, blocks. */
public final class Bench implements AutoCloseable {
    private static final List<Integer> SPREAD = List.of(1, 2, 4);

    private final Path folder;
    private final @Nullable BrokerProcess broker;
    private final Setup setup;

    private Bench(Path folder, @Nullable BrokerProcess broker, Setup setup) {
        this.folder = folder;
        this.broker = broker;
        this.setup = setup;
    }

    /**
     * Starts an embedded broker in a process of its own, unless there is one.
     *
     * @param bootstrap of one that is there; null if there is none
     * @param heapMegabytes of each consumer's JVM
     * @param flags further ones of it
     */
    public static Bench open(@Nullable String bootstrap, int partitions, int heapMegabytes, List<String> flags)
            throws IOException {
        Path folder = Files.createTempDirectory("sluice-bench");
        try {
            BrokerProcess broker = bootstrap == null ? BrokerProcess.start(folder) : null;
            String place = broker == null ? String.valueOf(bootstrap) : broker.bootstrap();
            return new Bench(folder, broker, new Setup(place, partitions, heapMegabytes, flags, folder));
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    /** How many consumers the plan is measured with, one after the other. */
    public static List<Integer> consumers(Plan plan) {
        return plan.workload() == Workload.FANOUT ? SPREAD : List.of(1);
    }

    /** Measures once. */
    public Figures measure(Plan plan, Program program, int consumers) throws IOException {
        return Round.run(setup, plan, program, consumers);
    }

    @Override
    public void close() {
        try {
            if (broker != null) {
                broker.close();
            }
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
