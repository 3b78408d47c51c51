package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.COMPONENTS;
import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.settings.Settings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** KEDA's view of the consumers agrees with theirs. */
class AutoscalerTest {
    private final Settings settings = ManifestSettings.ofBase();
    private final JsonNode scaled = DeployFiles.document(COMPONENTS.resolve("keda/scaledobject.yaml"));
    private final List<JsonNode> triggers = items(scaled.at("/spec/triggers"));

    @Test
    void itScalesTheConsumersUpToTheNumberOfPartitions() {
        List<String> create =
                texts(DeployFiles.inBase("Job", "sluice-topics").at("/spec/template/spec/initContainers/0/args"));

        assertThat(DeployFiles.inBase(
                        "Deployment", scaled.at("/spec/scaleTargetRef/name").asText()))
                .isNotNull();
        assertThat(create).startsWith("topics", "create");
        assertThat(scaled.at("/spec/maxReplicaCount").asText())
                .isEqualTo(create.get(create.indexOf("--partitions") + 1));
    }

    @Test
    void aConsumerIsAskedForLessThanItMayRunAtOnce() {
        assertThat(triggers.get(0).at("/metadata/threshold").asInt())
                .isPositive()
                .isLessThan(settings.consumer().limits().maxInFlight());
    }

    @Test
    void itsQueryIsTheOneThatIsTested() {
        String query = triggers.get(0).at("/metadata/query").asText();

        assertThat(
                        items(DeployFiles.document(DeployFiles.DEPLOY.resolve("prometheus/alerts_test.yml"))
                                        .path("tests"))
                                .stream()
                                .filter(test -> test.path("name").asText().startsWith("the autoscaler"))
                                .map(test -> test.at("/promql_expr_test/0/expr").asText()))
                .hasSize(3)
                .containsOnly(query);
        Queries.check(query);
    }

    /** Each Prometheus names its jobs in its own way, and what it does not see is not nothing. */
    @Test
    void itGoesByNoJobsNameAndTakesNoValueForNoWork() {
        JsonNode work = triggers.get(0).path("metadata");

        assertThat(Queries.metrics(work.path("query").asText()))
                .containsExactlyInAnyOrder(
                        "sluice_scaling_backlog_tasks", "sluice_tasks_in_flight", "sluice_attempts_stuck");
        assertThat(work.path("query").asText()).doesNotContain("job", "absent", "vector", " or ");
        assertThat(work.path("ignoreNullValues").asText()).isEqualTo("false");
    }

    @Test
    void lagInAnyTopicThatConsumersReadWakesOneAndNoMore() {
        List<JsonNode> lags = triggers.subList(1, triggers.size());

        assertThat(lags).allSatisfy(trigger -> {
            JsonNode lag = trigger.path("metadata");
            assertThat(trigger.path("type").asText()).isEqualTo("kafka");
            assertThat(lag.path("consumerGroup").asText())
                    .isEqualTo(settings.consumer().group());
            assertThat(lag.path("activationLagThreshold").asText()).isEqualTo("0");
            assertThat(lag.path("lagThreshold").asLong()).isGreaterThanOrEqualTo(1_000_000_000L);
            assertThat(lag.path("offsetResetPolicy").asText()).isEqualTo("earliest");
        });
        assertThat(lags.stream().map(trigger -> trigger.at("/metadata/topic").asText()))
                .containsExactlyElementsOf(settings.topics().read());
    }

    @Test
    void everyLagTriggerGetsTheBrokersAddressAndTheLogin() {
        JsonNode keda = DeployFiles.document(COMPONENTS.resolve("keda/kustomization.yaml"));
        JsonNode login = DeployFiles.document(COMPONENTS.resolve("keda-sasl-ssl/triggers.yaml"));

        assertThat(texts(keda.at("/replacements/0/targets/0/fieldPaths")))
                .containsExactlyElementsOf(lagTriggers("spec.triggers.%d.metadata.bootstrapServers"));
        assertThat(items(login).stream()
                        .map(patch -> patch.path("path").asText())
                        .filter(path -> path.endsWith("authenticationRef")))
                .containsExactlyElementsOf(lagTriggers("/spec/triggers/%d/authenticationRef"));
    }

    private List<String> lagTriggers(String path) {
        return IntStream.range(1, triggers.size()).mapToObj(path::formatted).toList();
    }
}
