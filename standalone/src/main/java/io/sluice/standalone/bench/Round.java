package io.sluice.standalone.bench;

import io.sluice.cli.Waiting;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One measurement of one consumer, on topics and in processes of its own, to be read downwards. Main thread; every call blocks, and fails when a
 * process ends that should not, or when nothing has moved for minutes.
 */
public final class Round implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    private final Setup setup;
    private final Plan plan;
    private final Program program;
    private final BenchTopic topic;
    private final Load load;
    private final Path file;
    private final Witness witness;
    private final List<Jvm> consumers = new ArrayList<>();

    private Round(Setup setup, Plan plan, Program program, BenchTopic topic, Path file) throws IOException {
        this.setup = setup;
        this.plan = plan;
        this.program = program.with(setup.heapMegabytes(), setup.flags());
        this.topic = topic;
        this.load = new Load(setup, topic.feed().topic(), plan.form());
        this.file = file;
        this.witness = Witness.create(
                file,
                plan.volume().all(),
                plan.workload().isTimed(),
                plan.volume().before());
    }

    /**
     * Measures.
     *
     * @param consumers how many processes
     */
    public static Figures run(Setup setup, Plan plan, Program program, int consumers) throws IOException {
        Path file = setup.folder().resolve("witness");
        try (BenchTopic topic = BenchTopic.create(setup);
                Round round = new Round(setup, plan, program, topic, file)) {
            return round.run(consumers);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Figures run(int count) {
        Plan.Volume volume = plan.volume();
        long due = switch (plan.workload().course) {
            case BACKLOG -> backlog();
            case PACED -> paced();
            case FLOODED -> flooded();
            case KILLED -> killed();
            case SPREAD -> spread(count);
        };
        // Whoever runs a task once too often does so now.
        await(AFTERWARDS, () -> false);
        consumers.forEach(Jvm::end);
        return new Tally(plan, witness, due, volume.before()).figures(program.name(), count);
    }

    private long backlog() {
        load.write(0, witness.tasks());
        start();
        awaitEnded(witness.tasks());
        return 0;
    }

    private long paced() {
        int before = plan.volume().before();
        load.write(0, before);
        start();
        awaitEnded(before);
        long due = load.pace(before, witness.tasks(), plan.volume().rate(), witness);
        awaitEnded(witness.tasks());
        return due;
    }

    private long flooded() {
        int before = plan.volume().before();
        start();
        mustBe(() -> topic.isShared(1, setup.partitions()), "a member of its group");
        load.flood(0, before);
        long due = load.pace(before, witness.tasks(), plan.volume().rate(), witness);
        mustBe(() -> endedAll(before, witness.tasks()), "done with the tasks beside the flood");
        return due;
    }

    private boolean endedAll(int from, int to) {
        for (int task = from; task < to; task++) {
            if (witness.ends(task) == 0) {
                return false;
            }
        }
        return true;
    }

    private long killed() {
        load.write(0, witness.tasks());
        Jvm first = start();
        awaitEnded(witness.tasks() / 2);
        first.kill();
        consumers.clear();
        witness.noneInFlight();
        start();
        mustBe(() -> endedAll(0, witness.tasks()), "done with all tasks");
        return 0;
    }

    private long spread(int count) {
        int before = plan.volume().before();
        for (int i = 0; i < count; i++) {
            start();
        }
        mustBe(() -> topic.isShared(count, setup.partitions()), "even owners of the partitions");
        load.write(0, before);
        awaitEnded(before);
        load.write(before, witness.tasks());
        awaitEnded(witness.tasks());
        return 0;
    }

    private Jvm start() {
        Job job = plan.job(topic.feed(), file);
        Path said = setup.folder().resolve("consumer-" + consumers.size() + ".log");
        Jvm consumer = Jvm.start(program, job.toArguments(), said);
        consumers.add(consumer);
        return consumer;
    }

    private void awaitEnded(long tasks) {
        mustBe(() -> witness.ended() >= tasks, "done with " + tasks + " tasks");
    }

    private void mustBe(BooleanSupplier condition, String what) {
        long known = -1;
        while (!await(PATIENCE, condition)) {
            long ended = witness.ended();
            if (ended == known) {
                throw new IllegalStateException(program.name() + " is not " + what + " after "
                        + PATIENCE.toMinutes() + " minutes, with " + ended + " done: "
                        + consumers.get(consumers.size() - 1).said());
            }
            known = ended;
        }
    }

    private boolean await(Duration atMost, BooleanSupplier condition) {
        return Waiting.until(
                () -> {
                    consumers.forEach(Jvm::mustRun);
                    return condition.getAsBoolean();
                },
                atMost);
    }

    @Override
    public void close() {
        consumers.forEach(Jvm::close);
        load.close();
    }
}
