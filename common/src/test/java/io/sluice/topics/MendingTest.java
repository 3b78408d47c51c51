package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.TopicNames;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MendingTest {
    private static List<String> commands(Mending mending) {
        TopicPlan plan = TopicPlan.alike(TopicNames.of("tasks"), Map.of(), 12, TopicPlan.BROKERS_OWN)
                .get(0);
        return Stream.of(
                        mending.create(plan),
                        mending.replace(plan),
                        mending.grow(12),
                        mending.config("a", "b"),
                        mending.show(),
                        mending.allowToSeeConfigs(),
                        mending.replicate("tasks", new TopicState(List.of(), Map.of()), 3, List.of(1)))
                .flatMap(line -> Stream.of(line.split("[;|] ")))
                .filter(command -> command.startsWith("kafka-"))
                .toList();
    }

    @Test
    void everyCommandForASecuredBrokerNamesTheFileWithWhatAClientNeeds() {
        assertThat(commands(new Mending("b:9092", true)))
                .hasSize(8)
                .allSatisfy(command -> assertThat(command)
                        .containsOnlyOnce("--bootstrap-server b:9092 --command-config client.properties "));
    }

    @Test
    void noneForAnOpenOneDoes() {
        assertThat(commands(new Mending("b:9092", false)))
                .hasSize(8)
                .allSatisfy(command -> assertThat(command)
                        .contains("--bootstrap-server b:9092 ")
                        .doesNotContain("--command-config"));
    }
}
