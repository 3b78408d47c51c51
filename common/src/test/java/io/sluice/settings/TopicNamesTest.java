package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TopicNamesTest {
    private final TopicNames topics = TopicNames.of("jobs");

    @Test
    void allAreNamedAfterTheOneThatHoldsTheWork() {
        assertThat(topics.read())
                .containsExactly(
                        "jobs",
                        "jobs.delay.10s",
                        "jobs.delay.1m",
                        "jobs.delay.10m",
                        "jobs.delay.1h",
                        "jobs.delay.6h",
                        "jobs.overflow");
        assertThat(List.of(topics.tasks(), topics.overflow(), topics.results(), topics.deadLetters(), topics.control()))
                .containsExactly("jobs", "jobs.overflow", "jobs.results", "jobs.dlq", "jobs.control");
        assertThat(topics.all()).hasSize(10).doesNotHaveDuplicates().containsAll(topics.read());
    }

    @Test
    void theDelaysComeShortestFirstAndAreNamedByTheirLength() {
        assertThat(topics.delays()).extracting(DelayTier::length).isSorted();
        assertThat(topics.delays())
                .allSatisfy(tier -> assertThat(tier.topic()).endsWith(".delay." + Durations.format(tier.length())));
    }

    @Test
    void theLongestTopicLeavesRoomForTheNamesMadeFromIt() {
        TopicNames longest = TopicNames.of("a".repeat(239));

        assertThat(Loading.faults("topic: " + "a".repeat(239))).isEmpty();
        assertThat(Loading.faults("topic: " + "a".repeat(240))).hasSize(1);
        assertThat(Stream.concat(
                        longest.read().stream(),
                        Stream.of(longest.results(), longest.deadLetters(), longest.control())))
                .allSatisfy(Topic::validate);
    }
}
