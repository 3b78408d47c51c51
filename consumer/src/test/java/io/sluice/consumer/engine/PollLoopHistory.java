package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Limits;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * One random history of one consumer whose partitions come and go, whose tasks succeed, fail, run late and ignore their
 * cancellation, and whose writes and commits fail. What is true is read from the handler, the sink and the source only.
 */
final class PollLoopHistory {
    private static final int PARTITIONS = 3;
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    private record Run(Attempt attempt, Promise<Object> promise) {
        boolean isOver() {
            return promise.future().isComplete();
        }
    }

    private final int seed;
    private final Random random;
    private final Limits limits;
    private final Bench bench;
    private final FakeSource source = new FakeSource();
    private final PollLoop pollLoop;
    private final List<Run> running = new ArrayList<>();
    private final long[] written = new long[PARTITIONS];
    private final Set<Integer> owned = new HashSet<>();
    private boolean calm;

    PollLoopHistory(int seed) {
        this.seed = seed;
        this.random = new Random(seed);
        int perKey = random.nextInt(2) == 0 ? 1 : 3;
        this.limits = new Limits(perKey + random.nextInt(8), perKey);
        this.bench = new Bench(limits, TestSettings.type(limits.maxInFlight()), this::start);
        this.pollLoop = new PollLoop(
                source,
                bench.dispatcher,
                bench.loop,
                bench.fence,
                this::await,
                new PollLoop.Plan(
                        new Reading(List.of(TestSettings.TOPIC), Map.of(), 20),
                        COMMIT_INTERVAL,
                        Duration.ofSeconds(30)));
        source.maxPollRecords(1 + random.nextInt(20));
        bench.sink.refuse(record -> !calm && random.nextInt(8) == 0 ? new TimeoutException("refused") : null);
        pollLoop.start();
    }

    private Future<?> start(Attempt attempt) {
        attempt.bodyStarts();
        Run run = new Run(attempt, Promise.promise());
        boolean obedient = random.nextInt(5) > 0;
        attempt.cancelled().onSuccess(cancelled -> {
            if (obedient) {
                run.promise.tryFail("cancelled");
            }
        });
        running.add(run);
        running.removeIf(Run::isOver);
        assertThat(running).as("seed %d: running at once", seed).hasSizeLessThanOrEqualTo(limits.maxInFlight());
        long ofItsKey = running.stream()
                .filter(each -> String.valueOf(each.attempt.key()).equals(attempt.key()))
                .count();
        assertThat(ofItsKey)
                .as("seed %d: running at once of key %s", seed, attempt.key())
                .isLessThanOrEqualTo(limits.maxInFlightPerKey());
        return run.promise.future();
    }

    private boolean await(BooleanSupplier condition, Duration atMost) {
        long end = bench.loop.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && bench.loop.nanoTime() < end) {
            finishOne();
            bench.advance(Duration.ofMillis(1 + random.nextInt(500)));
        }
        return condition.getAsBoolean();
    }

    void play(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
            checkCommits();
        }
        settleDown();
        checkEnd();
    }

    private void step() {
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> write();
            case 3, 4, 5 -> finishOne();
            case 6, 7, 8 -> pollLoop.turn();
            case 9 -> bench.advance(Duration.ofMillis(random.nextInt(4_000)));
            case 10 -> comeOrGo();
            default -> disturb();
        }
        if (random.nextBoolean()) {
            bench.loop.runAll();
        }
    }

    private void write() {
        int partition = random.nextInt(PARTITIONS);
        written[partition] += random.nextInt(3) == 0 ? 1 : 0;
        long offset = written[partition]++;
        // As with Kafka, a key has one partition.
        String key = "key" + partition + "-" + random.nextInt(2);
        source.write(TaskRecord.at(partition, offset).key(key));
    }

    private void finishOne() {
        running.removeIf(Run::isOver);
        if (!running.isEmpty()) {
            Run run = running.get(random.nextInt(running.size()));
            boolean succeeds = calm || random.nextInt(4) > 0;
            bench.loop.on(() -> {
                if (succeeds) {
                    run.promise.tryComplete("done");
                } else {
                    run.promise.tryFail("failed");
                }
            });
        }
    }

    private void comeOrGo() {
        int partition = random.nextInt(PARTITIONS);
        if (owned.add(partition)) {
            if (random.nextInt(4) > 0) {
                source.assign(partition);
            } else {
                source.assignSilently(partition);
            }
        } else {
            owned.remove(partition);
            switch (random.nextInt(4)) {
                case 0 -> source.lose(partition);
                case 1 -> source.loseSilently(partition);
                default -> source.revoke(partition);
            }
        }
    }

    private void disturb() {
        switch (random.nextInt(7)) {
            case 6 -> source.loseReplies(random.nextBoolean());
            case 0 -> bench.sink.hold();
            case 1 -> bench.loop.on(bench.sink::letGo);
            case 2 -> source.failCommits(() -> new TimeoutException("no coordinator"));
            case 3 -> source.failCommits(null);
            case 4 -> source.failPoll(new TimeoutException("away"));
            default -> source.answerCommits(random.nextBoolean());
        }
    }

    /** P1: nothing is committed whose records are not all safe. */
    private void checkCommits() {
        Map<Integer, Set<Long>> safe = safe();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Set<Long> known = safe.getOrDefault(partition, Set.of());
            long committed = source.committed(partition);
            for (long offset : source.offsets(partition)) {
                if (offset < committed) {
                    assertThat(known)
                            .as(
                                    "seed %d: %d-%d is committed (%d) %s",
                                    seed, partition, offset, committed, source.calls())
                            .contains(offset);
                }
            }
        }
    }

    private Map<Integer, Set<Long>> safe() {
        Map<Integer, Set<Long>> safe = new HashMap<>();
        for (ProducerRecord<byte[], byte[]> result : bench.results()) {
            String[] id = String.valueOf(Bench.header(result, "ce_subject")).split("-", -1);
            safe.computeIfAbsent(Integer.parseInt(id[1]), added -> new HashSet<>())
                    .add(Long.parseLong(id[2]));
        }
        return safe;
    }

    private void settleDown() {
        calm = true;
        bench.loop.on(bench.sink::letGo);
        source.failCommits(null);
        source.loseReplies(false);
        source.answerCommits(true);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (owned.add(partition)) {
                source.assign(partition);
            }
        }
        for (int i = 0; i < 2_000 && !isAllCommitted(); i++) {
            pollLoop.turn();
            bench.loop.runAll();
            finishOne();
            bench.advance(Duration.ofMillis(200));
        }
    }

    private boolean isAllCommitted() {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (written[partition] > 0 && source.committed(partition) < written[partition]) {
                return false;
            }
        }
        return true;
    }

    private void checkEnd() {
        checkCommits();
        assertThat(isAllCommitted())
                .as("seed %d: everything is done and committed; %s", seed, bench.status())
                .isTrue();
        while (!running.isEmpty()) {
            finishOne();
            running.removeIf(Run::isOver);
        }
        bench.advance(Duration.ofSeconds(10));
        ConsumerStatus status = bench.status();
        assertThat(List.of(status.inFlight(), status.waiting(), status.backingOff(), status.settling()))
                .as("seed %d: nothing is left", seed)
                .containsExactly(0, 0, 0, 0);
        if (limits.maxInFlightPerKey() == 1) {
            checkOrder();
        }
    }

    /** P4: the tasks of a key come to their first end in topic order. */
    private void checkOrder() {
        Map<String, Long> last = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (ProducerRecord<byte[], byte[]> result : bench.results()) {
            String id = String.valueOf(Bench.header(result, "ce_subject"));
            if (seen.add(id)) {
                String key = new String(result.key(), StandardCharsets.UTF_8);
                long offset = Long.parseLong(id.split("-", -1)[2]);
                assertThat(offset)
                        .as("seed %d: %s of key %s", seed, id, key)
                        .isGreaterThan(last.getOrDefault(key, -1L));
                last.put(key, offset);
            }
        }
    }
}
