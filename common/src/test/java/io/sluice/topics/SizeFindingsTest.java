package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.TopicNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeFindingsTest {
    private final TopicNames topics = TopicNames.of("tasks");
    private final Map<String, TopicState> found = new HashMap<>();

    SizeFindingsTest() {
        topics.all().forEach(name -> largest(name, 2_000));
    }

    private void largest(String name, int bytes) {
        found.put(name, Topics.with(6, Map.of("max.message.bytes", Integer.toString(bytes))));
    }

    private List<Finding> findings() {
        return SizeFindings.in(new Mending("b:9092", false), topics, found);
    }

    @ParameterizedTest
    @CsvSource({
        "tasks.delay.10s, waits in memory",
        "tasks.delay.6h, waits in memory",
        "tasks.overflow, stays in the way of others",
        "tasks.dlq, is a reference"
    })
    void aTopicThatTakesNotEveryCopyIsAWarningThatSaysWhatBecomesOfTheTask(String name, String consequence) {
        largest(name, 1_999);

        assertThat(findings()).hasSize(1);
        Finding finding = findings().get(0);
        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
        assertThat(finding.message())
                .startsWith("topic " + name + ": max.message.bytes is 1999, but that of tasks is 2000; a task that does"
                        + " not fit " + consequence);
        assertThat(finding.mend())
                .isEqualTo("kafka-configs.sh --bootstrap-server b:9092 --alter --entity-type topics --entity-name "
                        + name + " --add-config max.message.bytes=2000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tasks.results", "tasks.control", "tasks"})
    void whatTakesNoCopiesMayBeAsItLikes(String name) {
        largest(name, 1_000);

        assertThat(findings()).isEmpty();
    }

    @Test
    void whatIsMissingOrNotToldIsNoFinding() {
        found.remove("tasks.dlq");
        found.put("tasks.overflow", Topics.with(6, Map.of()));
        assertThat(findings()).isEmpty();

        largest("tasks.dlq", 1);
        found.put("tasks", Topics.with(6, Map.of()));
        assertThat(findings()).isEmpty();
    }
}
