package io.sluice.standalone.bench;

import io.sluice.cli.Waiting;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Witness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/**
 * One measurement of one consumer, on topics and in processes of its own, to be read downwards. Main thread; every call blocks, and fails when a
 * process ends that should not, or when patience is at its end.
 */
public final class Round implements AutoCloseable {
    private static final Duration AFTERWARDS = Duration.ofSeconds(1);

    /** How long the rest of a flood may take, of which a consumer may run one task at a time. */
    private static final Duration AFTER_FLOOD = Duration.ofMinutes(10);

    /** How long a group may take to notice that a member has been killed, and some more. */
    private static final Duration AFTER_KILL = Duration.ofMinutes(2);

    private final Setup setup;
    private final Plan plan;
    private final Program program;
    private final BenchTopic topic;
    private final Load load;
    private final Witness witness;
    private final List<Jvm> consumers = new CopyOnWriteArrayList<>();
    private final long begin = System.nanoTime();
    private int started;

    private Round(Setup setup, Plan plan, Program program, BenchTopic topic, Load load, Witness witness) {
        this.setup = setup;
        this.plan = plan;
        this.program = program;
        this.topic = topic;
        this.load = load;
        this.witness = witness;
        // Whoever still consumes would have them made anew.
        topic.usedUntil(() -> consumers.forEach(Jvm::close));
    }

    /**
     * Measures.
     *
     * @param consumers how many processes
     */
    public static Figures run(Setup setup, Plan plan, Program program, int consumers) throws IOException {
        Path file = file(setup);
        Plan.Volume volume = plan.volume();
        try {
            Witness witness = Witness.create(file, volume.all(), plan.workload().isTimed(), volume.before());
            try (BenchTopic topic = BenchTopic.create(setup);
                    Load load = new Load(setup, topic.feed().topic(), plan.form());
                    Round round = new Round(setup, plan, program, topic, load, witness)) {
                return round.run(consumers);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The witness's. */
    private static Path file(Setup setup) {
        return setup.folder().resolve("witness");
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
        int backlog = before / 2;
        load.write(0, backlog);
        start();
        awaitEnded(backlog);
        // Who has run a backlog is warm for backlogs: broker and load have to be used to single tasks, too.
        int rate = plan.volume().rate();
        long begin = load.pace(backlog, witness.tasks(), rate, witness);
        awaitEnded(witness.tasks());
        return Load.due(begin, before - backlog, rate);
    }

    private long flooded() {
        int before = plan.volume().before();
        start();
        mustBe(() -> topic.isShared(1, setup.partitions()), "a member of its group");
        load.flood(0, before);
        long due = load.pace(before, witness.tasks(), plan.volume().rate(), witness);
        mustBe(() -> endedAll(before, witness.tasks()), "done with the tasks beside the flood");
        witness.hurry();
        boolean unused =
                awaitWhileMoving(setup.patience().still(), elapsed().plus(AFTER_FLOOD), () -> isDone(witness.tasks()));
        // What has not ended now is lost, which is one of the figures.
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
        boolean unused = awaitWhileMoving(
                least(AFTER_KILL, setup.patience().still()), setup.patience().whole(), () -> isDone(witness.tasks()));
        // What has not ended now is lost, which is one of the figures.
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
        Job job = plan.job(topic.feed(), file(setup));
        Path said = setup.folder().resolve("consumer-" + started++ + ".log");
        Jvm consumer = Jvm.start(program, job.toArguments(), said);
        consumers.add(consumer);
        return consumer;
    }

    private void awaitEnded(int tasks) {
        mustBe(() -> isDone(tasks), "done with " + tasks + " tasks");
    }

    private boolean isDone(int tasks) {
        // The count is quick to look at, but has repeats in it.
        return witness.ended() >= tasks && endedAll(0, tasks);
    }

    private void mustBe(BooleanSupplier condition, String what) {
        if (!awaitWhileMoving(setup.patience().still(), setup.patience().whole(), condition)) {
            throw new IllegalStateException(program.name() + " is not " + what + " after "
                    + elapsed().toSeconds() + " s, with " + witness.ended() + " tasks done: "
                    + consumers.get(consumers.size() - 1).lastWords());
        }
    }

    /** Whether the condition holds in the end; if not, no task has ended for so long, or the whole took too long. */
    private boolean awaitWhileMoving(Duration still, Duration whole, BooleanSupplier condition) {
        long known;
        do {
            known = witness.ended();
            if (await(least(still, whole.minus(elapsed())), condition)) {
                return true;
            }
        } while (witness.ended() > known && elapsed().compareTo(whole) < 0);
        return false;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
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
    }
}
