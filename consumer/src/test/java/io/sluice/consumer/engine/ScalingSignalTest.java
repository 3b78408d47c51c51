package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How far the signal is from the truth: the number of tasks that would start at once if the permits of consumers and types
 * had no end, counted over all records that are not done, wherever they are. A task takes 100 ms, a consumer runs 50.
 */
class ScalingSignalTest {
    private static final int PER_KEY = 10;
    private static final int TASKS = 10_000;
    private static final Duration TASK = Duration.ofMillis(100);
    private static final Duration TURN = Duration.ofMillis(20);
    private static final String OTHER = "other";
    private static final String HOT = "hot";

    private final FakeSource source = new FakeSource(PollBench.TOPICS.read());
    private final Bench bench = new Bench(
            new Limits(50, PER_KEY),
            known -> List.of(
                    known.type(TestSettings.TYPE, TestSettings.type(50), this::run),
                    known.type(OTHER, TestSettings.type(50), this::run)),
            TestSettings.FENCE_AFTER);
    private final PollBench poll = new PollBench(source, bench);
    private final RestedCopies copies = new RestedCopies();
    private final Map<String, Planned> unfinished = new HashMap<>();
    private final Map<String, Integer> running = new HashMap<>();
    private Set<String> paused = Set.of();
    private int seen;

    private static final class Planned {
        final @Nullable String key;
        final String type;
        final Instant due;
        boolean runs;

        Planned(@Nullable String key, String type, Instant due) {
            this.key = key;
            this.type = type;
            this.due = due;
        }
    }

    private Future<?> run(Attempt attempt) {
        attempt.bodyStarts();
        Planned task = unfinished.get(attempt.id());
        if (task == null) {
            throw new AssertionError(attempt.id() + " runs again");
        }
        task.runs = true;
        running.merge(String.valueOf(task.key), 1, Integer::sum);
        Promise<String> end = Promise.promise();
        bench.loop.after(TASK, () -> {
            unfinished.remove(attempt.id());
            running.merge(String.valueOf(task.key), -1, Integer::sum);
            end.complete("done");
        });
        return end.future();
    }

    private Planned now(@Nullable String key, String type) {
        return new Planned(key, type, bench.loop.now());
    }

    private void write(IntFunction<Planned> tasks) {
        for (int i = 0; i < TASKS; i++) {
            Planned task = tasks.apply(i);
            unfinished.put("task-" + i, task);
            source.write(TaskRecord.at(i)
                    .key(task.key)
                    .type(task.type)
                    .header("ce_id", "task-" + i)
                    .notBefore(task.due));
        }
    }

    /** What was moved to another topic is there to be read. */
    private void copy() {
        List<ProducerRecord<byte[], byte[]>> written = bench.sink.written();
        for (ProducerRecord<byte[], byte[]> record : written.subList(seen, written.size())) {
            if (PollBench.TOPICS.read().contains(record.topic())) {
                source.write(copies.read(record).writtenAt(bench.loop.now()));
            }
        }
        seen = written.size();
    }

    private long truth() {
        Map<String, Integer> waiting = new HashMap<>();
        long unkeyed = 0;
        for (Planned task : unfinished.values()) {
            if (!task.runs && !paused.contains(task.type) && !bench.loop.now().isBefore(task.due)) {
                if (task.key == null) {
                    unkeyed++;
                } else {
                    waiting.merge(task.key, 1, Integer::sum);
                }
            }
        }
        return unkeyed
                + waiting.entrySet().stream()
                        .mapToLong(key -> Math.min(key.getValue(), PER_KEY - running.getOrDefault(key.getKey(), 0)))
                        .sum();
    }

    /** The largest and the mean error in twelve seconds, as shares of the tasks that are not done; begins two seconds after the start. */
    private record Errors(double worst, double mean) {}

    private Errors errors(String mix) {
        poll.assign(0);
        List<Double> errors = new ArrayList<>();
        for (int second = 0; second < 14; second++) {
            for (long turns = 0; turns < 1_000 / TURN.toMillis(); turns++) {
                poll.turn();
                copy();
                bench.advance(TURN);
            }
            if (second >= 1) {
                long signal = Measured.of(bench.dispatcher, poll.pollLoop).scalingBacklog();
                long truth = truth();
                errors.add(Math.abs(signal - truth) / (double) unfinished.size());
            }
        }
        Errors found = new Errors(
                errors.stream().mapToDouble(Double::doubleValue).max().orElseThrow(),
                errors.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
        System.out.printf(
                Locale.ROOT, "%s: worst %.3f, mean %.3f of the tasks not done%n", mix, found.worst, found.mean);
        return found;
    }

    @Test
    void aSaturatedKeyAloneAsksForNobody() {
        write(i -> now(HOT, TestSettings.TYPE));

        assertThat(errors("a saturated key").worst).isLessThan(0.02);
    }

    @Test
    void ofASaturatedKeyAmongOthersOnlyTheOthersCount() {
        write(i -> now(i % 2 == 0 ? HOT : "key-" + i, TestSettings.TYPE));

        assertThat(errors("a saturated key and free ones").worst).isLessThan(0.1);
    }

    @Test
    void ofFreeKeysAllCount() {
        write(i -> now("key-" + i, TestSettings.TYPE));

        assertThat(errors("free keys").worst).isLessThan(0.02);
    }

    @Test
    void tasksWithoutKeysAllCount() {
        write(i -> now(null, TestSettings.TYPE));

        assertThat(errors("no keys").worst).isLessThan(0.02);
    }

    @Test
    void whatIsDueLaterDoesNotCount() {
        Instant later = bench.loop.now().plus(Duration.ofHours(1));
        write(i -> i % 2 == 0 ? new Planned("key-" + i, TestSettings.TYPE, later) : now("key-" + i, TestSettings.TYPE));

        assertThat(errors("due later").worst).isLessThan(0.1);
    }

    @Test
    void aPausedTypeDoesNotCount() {
        paused = Set.of(OTHER);
        Future<Void> unused = bench.dispatcher.pause(paused);
        bench.loop.runAll();
        write(i -> now("key-" + i, i % 2 == 0 ? OTHER : TestSettings.TYPE));

        assertThat(errors("a paused type").worst).isLessThan(0.1);
    }

    @Test
    void ofKeysThatRepeatMoreOftenThanAWindowShowsTooManyCount() {
        write(i -> now("key-" + i % 200, TestSettings.TYPE));

        assertThat(errors("200 keys that repeat").worst).isBetween(0.2, 1.0);
    }
}
