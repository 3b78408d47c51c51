package io.sluice.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.record.HeaderNames;
import io.sluice.standalone.chaos.Run.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A part of the story, with tasks of its own, and what can be claimed of it when they are done. The test's thread. */
final class Phase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final Cluster cluster;
    private final Witness witness;
    private final Ledger ledger;
    private final Feed feed;
    private final long begin;
    private Set<String> tasks = Set.of();
    private List<Run> runs = List.of();

    /** @param atLeast how many tasks it has; there are more while {@link #finish} is not called */
    Phase(String name, int atLeast, Cluster cluster, Witness witness, long seed) {
        this.name = name;
        this.cluster = cluster;
        this.witness = witness;
        this.ledger = new Ledger(cluster.topics(), witness);
        this.begin = witness.now();
        this.feed = Feed.start(name, atLeast, cluster.settings(), witness, seed);
    }

    /** Returns when so many more tasks have run, and looks at the group's commits meanwhile. */
    void awaitMore(int more) {
        int enough = witness.tasksThatRan() + more;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            ledger.look();
            return witness.tasksThatRan() >= enough;
        });
    }

    /** Notes what the group has committed by now. */
    void look() {
        assertThat(ledger.look()).as("the broker says what was committed").isTrue();
    }

    /** Sends the rest, and returns when nothing is left to be done: when the group's lag is zero. */
    void finish() throws InterruptedException {
        tasks = feed.finish();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(ledger.look() ? ledger.lag() : -1)
                        .as("the group's lag")
                        .isZero());
        runs = witness.runs().stream().filter(run -> tasks.contains(run.task())).toList();
        say(tasks.size() + " tasks, " + runs.size() + " runs, of which "
                + count(run -> run.outcome() == Outcome.DIED) + " died, "
                + count(run -> run.outcome() == Outcome.CANCELLED) + " were cancelled and "
                + doneBefore().size() + " were of a task that was done; at most "
                + mostAtOnce().values().stream().max(Integer::compare).orElse(0) + " at once of a key");
    }

    /** Every task has run, and has the result that it must have. */
    void nothingIsLost() {
        Map<String, Set<String>> results = new HashMap<>();
        cluster.topics()
                .read(cluster.settings().topics().results())
                .forEach(result -> results.computeIfAbsent(
                                String.valueOf(HeaderNames.text(result.headers(), HeaderNames.SUBJECT)),
                                task -> new HashSet<>())
                        .add(String.valueOf(HeaderNames.text(result.headers(), HeaderNames.TYPE))));
        Set<String> letters = cluster.topics().read(cluster.settings().topics().deadLetters()).stream()
                .map(letter -> String.valueOf(HeaderNames.text(letter.headers(), HeaderNames.TASK_ID)))
                .collect(Collectors.toSet());
        Set<String> ran = runs.stream().map(Run::task).collect(Collectors.toSet());
        assertThat(tasks).filteredOn(task -> !ran.contains(task)).isEmpty();
        assertThat(tasks)
                .filteredOn(task -> !Set.of(WitnessedHandler.TYPE + (isHopeless(task) ? ".failed" : ".succeeded"))
                        .equals(results.get(task)))
                .isEmpty();
        assertThat(tasks)
                .filteredOn(task -> letters.contains(task) != isHopeless(task))
                .isEmpty();
    }

    private boolean isHopeless(String task) {
        return feed.hopeless().contains(task);
    }

    /** No key ever had more runs at once. */
    void noKeyExceeds(int most) {
        assertThat(mostAtOnce())
                .isNotEmpty()
                .allSatisfy((key, atOnce) -> assertThat(atOnce).as(key).isLessThanOrEqualTo(most));
    }

    /** The cap was reached, so that it was put to the test. */
    void someKeyReaches(int most) {
        assertThat(mostAtOnce().values()).contains(most);
    }

    /** No task ran again after it was done, not even if that was not committed yet. */
    void nothingIsRepeated() {
        assertThat(doneBefore()).isEmpty();
    }

    /**
     * No run of a task started after its end was committed (P2): what ran again was unsettled, or settled since the last
     * commit.
     */
    void nothingCommittedIsRepeated() {
        nothingCommittedIsRepeated(Set.of());
    }

    /**
     * The same, but for what cannot be promised of processes that were frozen: that they do not begin the calls which they
     * were about to begin, and do not write the copies which they were about to write, when they wake up.
     */
    void nothingCommittedIsRepeated(Set<Long> frozen) {
        Map<String, Long> since = ledger.settledSince();
        assertThat(tasks)
                .as("tasks whose end was not committed")
                .filteredOn(task -> !since.containsKey(task))
                .isEmpty();
        List<Run> late = runs.stream()
                .filter(run -> run.start() > since.getOrDefault(run.task(), Long.MAX_VALUE))
                .toList();
        List<Run> byFrozen =
                late.stream().filter(run -> frozen.contains(run.pid())).toList();
        Set<String> copied = frozen.isEmpty() ? Set.of() : ledger.copiedLater(since);
        List<Run> ofCopies = late.stream()
                .filter(run -> !byFrozen.contains(run) && copied.contains(run.task()))
                .toList();
        if (!frozen.isEmpty()) {
            say("after their end was committed, " + byFrozen.size()
                    + " runs were begun by a consumer that woke up, and " + ofCopies.size()
                    + " by others because of copies that it wrote then");
        }
        assertThat(byFrozen).hasSizeLessThanOrEqualTo(Cluster.MAX_IN_FLIGHT * frozen.size());
        assertThat(late)
                .filteredOn(run -> !byFrozen.contains(run) && !ofCopies.contains(run))
                .isEmpty();
    }

    /** Runs of tasks that an earlier run had done. */
    private List<Run> doneBefore() {
        Map<String, Long> done = new HashMap<>();
        runs.stream()
                .filter(run -> run.outcome() == Outcome.DONE)
                .forEach(run -> done.merge(run.task(), run.end(), Math::min));
        return runs.stream()
                .filter(run -> run.start() > done.getOrDefault(run.task(), Long.MAX_VALUE))
                .toList();
    }

    /** By key, the most runs at once. */
    Map<String, Integer> mostAtOnce() {
        Map<String, List<Run>> byKey =
                witness.runs().stream().filter(run -> run.end() > begin).collect(Collectors.groupingBy(Run::key));
        Map<String, Integer> most = new TreeMap<>();
        byKey.forEach((key, ofKey) -> {
            List<Long> open = new ArrayList<>();
            for (Run run : ofKey) {
                open.removeIf(end -> end < run.start());
                open.add(run.end());
                most.merge(key, open.size(), Math::max);
            }
        });
        return most;
    }

    private long count(Predicate<Run> those) {
        return runs.stream().filter(those).count();
    }

    void say(String what) {
        System.out.println("chaos: " + name + ": " + what);
    }

    @Override
    public void close() {
        feed.abandon();
        ledger.close();
    }
}
