package io.sluice.standalone.bench;

import io.sluice.kafka.BootstrapServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A broker to measure on. What it makes of files and processes is gone when it is closed. Main thread, blocks. */
public final class Bench implements AutoCloseable {
    private static final List<Integer> SPREAD = List.of(1, 2, 4);
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final Path folder;
    private final @Nullable BrokerProcess broker;
    private final Setup setup;

    /** For a signal ends this process without closing anything. The other processes end when they miss it. */
    private final OnExit leaving;

    private Bench(Path folder, @Nullable BrokerProcess broker, Setup setup) {
        this.folder = folder;
        this.broker = broker;
        this.setup = setup;
        this.leaving = OnExit.run(() -> delete(folder));
    }

    /**
     * Starts an embedded broker in a process of its own, unless there is one.
     *
     * @param bootstrap of one that is there; null if there is none
     * @param patience with each consumer
     * @throws IllegalStateException if the embedded broker does not start, or nothing listens where another one should be
     */
    public static Bench open(@Nullable String bootstrap, int partitions, Patience patience) throws IOException {
        if (bootstrap != null) {
            mustListen(bootstrap);
        }
        Path folder = Files.createTempDirectory("sluice-bench");
        try {
            BrokerProcess broker = bootstrap == null ? BrokerProcess.start(folder) : null;
            String place = broker == null ? String.valueOf(bootstrap) : broker.bootstrap();
            return new Bench(folder, broker, new Setup(place, partitions, patience, folder));
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private static void mustListen(String bootstrap) {
        BootstrapServers.awaitListening(bootstrap, CONNECTING).ifPresent(reason -> {
            throw new IllegalStateException("no Kafka broker answers at " + bootstrap + " within "
                    + CONNECTING.toSeconds() + " s (" + reason
                    + "). Start one, or leave out --bootstrap and measure on an embedded one");
        });
    }

    /** How many consumers the plan is measured with, one after the other. */
    public static List<Integer> consumers(Plan plan) {
        return plan.workload() == Workload.FANOUT ? SPREAD : List.of(1);
    }

    /**
     * Measures once.
     *
     * @param program with the heap that it is to have
     * @throws IllegalStateException with what the consumer has said last, if it fails or is not done in time
     */
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
            leaving.close();
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
