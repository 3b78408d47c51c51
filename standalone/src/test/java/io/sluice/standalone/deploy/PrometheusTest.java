package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Prometheus scrapes in compose, and what it warns of. */
class PrometheusTest {
    private static final Path FOLDER = DeployFiles.DEPLOY.resolve("prometheus");

    private final List<JsonNode> rules =
            items(DeployFiles.document(FOLDER.resolve("alerts.yml")).at("/groups/0/rules"));

    @Test
    void itScrapesTheManagementPortOfEveryContainer() {
        JsonNode config = DeployFiles.document(FOLDER.resolve("prometheus.yml"));

        assertThat(items(config.path("scrape_configs")).stream()
                        .map(job -> job.path("job_name").asText() + " "
                                + job.at("/dns_sd_configs/0/names/0").asText() + " "
                                + job.at("/dns_sd_configs/0/type").asText() + " "
                                + job.at("/dns_sd_configs/0/port").asInt()))
                .containsExactly("sluice-consumer consumer A 9000", "sluice-producer producer A 9000");
        assertThat(texts(config.path("rule_files"))).containsExactly("alerts.yml");
    }

    @Test
    void alertsAskForWhatIsExposedAndSayWhatToDo() {
        assertThat(rules).hasSizeGreaterThan(8).allSatisfy(rule -> {
            Queries.check(rule.path("expr").asText());
            assertThat(rule.at("/annotations/summary").asText()).isNotBlank();
            assertThat(rule.at("/annotations/description").asText()).endsWith(".");
            assertThat(rule.at("/labels/severity").asText()).isIn("warning", "critical");
        });
        assertThat(rules.stream().map(rule -> rule.path("alert").asText())).doesNotHaveDuplicates();
    }

    @Test
    void everyAlertHasATestInWhichItFires() {
        JsonNode fired =
                DeployFiles.document(FOLDER.resolve("alerts_test.yml")).at("/tests/0/promql_expr_test/0/exp_samples");

        assertThat(items(fired).stream().map(sample -> sample.path("labels").asText()))
                .containsExactlyInAnyOrderElementsOf(rules.stream()
                        .map(rule -> "{alertname=\"" + rule.path("alert").asText() + "\"}")
                        .toList());
    }

    @Test
    void theOperatorsRulesAreTheSame() {
        assertThat(DeployFiles.objects("PrometheusRule"))
                .singleElement()
                .satisfies(rule ->
                        assertThat(rule.path("spec")).isEqualTo(DeployFiles.document(FOLDER.resolve("alerts.yml"))));
    }
}
