package io.sluice.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.TopicNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is created beside topics that are there. */
class TopicPlanTest {
    private final TopicNames topics = TopicNames.of("tasks");

    private List<TopicPlan> plans(Map<String, TopicState> found, int replication) {
        return TopicPlan.alike(topics, found, 12, replication);
    }

    @Test
    void withoutOthersItIsAsAskedForAndOnAsManyBrokersAsTheBrokerLikes() {
        assertThat(plans(Map.of(), TopicPlan.BROKERS_OWN))
                .extracting(TopicPlan::name)
                .containsExactlyElementsOf(topics.all());
        assertThat(plans(Map.of(), TopicPlan.BROKERS_OWN)).allSatisfy(plan -> {
            assertThat(plan.partitions()).isEqualTo(plan.name().equals("tasks.control") ? 1 : 12);
            assertThat(plan.replication()).isEqualTo(-1);
            assertThat(plan.arguments()).doesNotContain("--replication-factor");
        });
    }

    @Test
    void besideOthersItHasTheMostPartitionsOfThoseThatAreReadAndTheHighestFactorOfAll() {
        Map<String, TopicState> found = Map.of(
                "tasks", Topics.with(3, Map.of()),
                "tasks.overflow", Topics.with(4, Map.of()),
                "tasks.results", Topics.on(50, List.of(1, 2), List.of(1), Map.of()));

        assertThat(plans(found, TopicPlan.BROKERS_OWN)).allSatisfy(plan -> {
            assertThat(plan.partitions()).isEqualTo(plan.name().equals("tasks.control") ? 1 : 4);
            assertThat(plan.arguments()).contains("--replication-factor 2 ");
        });
        assertThat(plans(found, 3)).extracting(TopicPlan::replication).containsOnly(3);
    }
}
