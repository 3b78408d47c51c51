package io.sluice.benchmark;

import io.sluice.standalone.bench.Plan;
import io.sluice.standalone.bench.Program;
import io.sluice.standalone.bench.Workload;
import java.util.Arrays;
import java.util.Locale;

/** What is measured. */
public enum Contender {
    /** Sluice's consumer. */
    SLUICE("", ""),
    /** A KafkaConsumer in a loop that commits by time. */
    BARE("io.sluice.benchmark.peer.BareLoop", ""),
    /** The same, with a commit on every poll. */
    BARE_EVERY_POLL("io.sluice.benchmark.peer.BareLoop", "-Dcommit-on-every-poll=true"),
    /** The first, with the group protocol that Sluice uses, and so with the client that belongs to it. */
    BARE_NEW_PROTOCOL("io.sluice.benchmark.peer.BareLoop", "-Dgroup.protocol=consumer"),
    /** Confluent Parallel Consumer without an order, with its own commit interval. */
    PARALLEL_UNORDERED(Contender.PARALLEL, "-Dordering=UNORDERED"),
    /** The same, with everyone's commit interval. */
    PARALLEL_UNORDERED_OFTEN(Contender.PARALLEL, "-Dordering=UNORDERED -Dcommit-often=true"),
    /** Confluent Parallel Consumer in the order of each key, with its own commit interval. */
    PARALLEL_KEY(Contender.PARALLEL, "-Dordering=KEY"),
    /** The same, with everyone's commit interval. */
    PARALLEL_KEY_OFTEN(Contender.PARALLEL, "-Dordering=KEY -Dcommit-often=true"),
    /** spring-kafka's listener container. */
    SPRING("io.sluice.benchmark.peer.SpringContainer", ""),
    /** vertx-kafka-client by hand. */
    VERTX("io.sluice.benchmark.peer.VertxByHand", ""),
    /** A share group with explicit acknowledgement. */
    SHARE("io.sluice.benchmark.peer.ShareGroup", "");

    private static final String PARALLEL = "io.sluice.benchmark.parallel.ParallelConsumer";

    private final String mainClass;
    private final String flags;

    Contender(String mainClass, String flags) {
        this.mainClass = mainClass;
        this.flags = flags;
    }

    /** Whether it can do what the plan asks for. */
    public boolean supports(Plan plan) {
        Workload workload = plan.workload();
        boolean results = plan.promises().results();
        return switch (this) {
            case SLUICE -> true;
            case BARE, BARE_EVERY_POLL, BARE_NEW_PROTOCOL -> workload == Workload.NOOP || workload == Workload.LATENCY;
            // Its members own no partitions, so nobody can see whether they share them evenly.
            case SHARE -> !results && workload != Workload.FLOOD && workload != Workload.FANOUT;
            default -> !results;
        };
    }

    /** @param parallelConsumer the class path of Parallel Consumer, which does not go together with the others' */
    public Program program(String parallelConsumer) {
        if (this == SLUICE) {
            return Program.sluice();
        }
        String classPath = mainClass.equals(PARALLEL) ? parallelConsumer : System.getProperty("java.class.path");
        return new Program(
                toString(),
                classPath,
                mainClass,
                Arrays.stream(flags.split(" ", -1))
                        .filter(flag -> !flag.isEmpty())
                        .toList());
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
