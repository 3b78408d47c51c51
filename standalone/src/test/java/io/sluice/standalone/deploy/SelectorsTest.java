package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What points at pods points at the right ones. A selector that takes none is no error to Kubernetes. */
class SelectorsTest {
    @Test
    void aDeploymentSelectsItsOwnPods() {
        assertThat(Pods.makers())
                .filteredOn(maker -> maker.path("kind").asText().equals("Deployment"))
                .hasSize(2)
                .allSatisfy(deployment -> {
                    assertThat(Pods.selectedBy(deployment.at("/spec/selector/matchLabels")))
                            .containsExactly(deployment);
                    assertThat(items(deployment.at("/spec/template/spec/topologySpreadConstraints")))
                            .isNotEmpty()
                            .allSatisfy(spread -> assertThat(Pods.selectedBy(spread.at("/labelSelector/matchLabels")))
                                    .containsExactly(deployment));
                });
    }

    @Test
    void eachDeploymentHasADisruptionBudgetThatLetsOneGo() {
        List<JsonNode> budgets = DeployFiles.objects("PodDisruptionBudget");

        assertThat(budgets)
                .allSatisfy(budget ->
                        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1));
        assertThat(budgets.stream()
                        .flatMap(budget -> Pods.selectedBy(budget.at("/spec/selector/matchLabels")).stream())
                        .map(SelectorsTest::name))
                .containsExactlyInAnyOrder("sluice-producer", "sluice-consumer");
    }

    @Test
    void theServiceLeadsToTheProducersPort() {
        JsonNode service = DeployFiles.inBase("Service", "sluice-producer");
        List<JsonNode> pods = Pods.selectedBy(service.at("/spec/selector"));

        assertThat(pods).singleElement().satisfies(pod -> assertThat(name(pod)).isEqualTo("sluice-producer"));
        assertThat(items(service.at("/spec/ports")))
                .singleElement()
                .satisfies(port -> assertThat(Pods.portNames(pods))
                        .contains(port.path("targetPort").asText()));
    }

    @Test
    void policiesTakePodsThatThereAreAndPortsThatTheyHave() {
        assertThat(DeployFiles.objects("NetworkPolicy")).hasSize(3).allSatisfy(policy -> {
            List<JsonNode> pods = Pods.selectedBy(policy.at("/spec/podSelector/matchLabels"));
            assertThat(pods).isNotEmpty();
            assertThat(items(policy.at("/spec/ingress")).stream()
                            .flatMap(rule -> items(rule.path("ports")).stream())
                            .map(port -> port.path("port").asText()))
                    .isSubsetOf(Pods.portNames(pods));
        });
    }

    @Test
    void onePolicyClosesAllPodsToBothSides() {
        assertThat(DeployFiles.objects("NetworkPolicy")).anySatisfy(policy -> {
            assertThat(Pods.selectedBy(policy.at("/spec/podSelector/matchLabels")))
                    .isEqualTo(Pods.makers());
            assertThat(DeployFiles.texts(policy.at("/spec/policyTypes")))
                    .containsExactlyInAnyOrder("Ingress", "Egress");
        });
    }

    @Test
    void prometheusFindsWhatHasAManagementPort() {
        JsonNode monitor = DeployFiles.objects("PodMonitor").get(0);
        List<String> names = DeployFiles.texts(monitor.at("/spec/selector/matchExpressions/0/values"));

        assertThat(Pods.selectedBy(monitor.at("/spec/selector/matchLabels")))
                .filteredOn(pod -> names.contains(name(pod)))
                .hasSameSizeAs(names)
                .allSatisfy(pod -> assertThat(Pods.portNames(List.of(pod)))
                        .contains(monitor.at("/spec/podMetricsEndpoints/0/port").asText()));
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }
}
