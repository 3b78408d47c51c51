package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard can be loaded, and shows what there is. */
class DashboardTest {
    private static final Path GRAFANA = DeployFiles.DEPLOY.resolve("grafana");
    private static final Path FILE = GRAFANA.resolve("dashboards/sluice.json");

    private JsonNode dashboard;
    private List<JsonNode> panels;

    @BeforeEach
    void read() throws IOException {
        dashboard = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build()
                .readTree(FILE.toFile());
        panels = items(dashboard.path("panels")).stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    @Test
    void panelsHaveIdsOfTheirOwn() {
        assertThat(items(dashboard.path("panels")).stream()
                        .map(panel -> panel.path("id").asInt()))
                .hasSizeGreaterThan(20)
                .doesNotHaveDuplicates()
                .allMatch(id -> id > 0);
    }

    @Test
    void eachPanelSaysWhatItShowsAndInWhichUnit() {
        assertThat(panels).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("description").asText()).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
        });
    }

    @Test
    void eachPanelAsksTheChosenPrometheusForWhatIsExposed() {
        assertThat(panels).allSatisfy(panel -> {
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            assertThat(items(panel.path("targets"))).isNotEmpty().allSatisfy(target -> {
                assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                Queries.check(target.path("expr").asText());
            });
            assertThat(items(panel.path("targets")).stream()
                            .map(target -> target.path("refId").asText()))
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void everyMetricOfSluiceIsShown() {
        Set<String> shown = new TreeSet<>();
        panels.forEach(panel -> items(panel.path("targets"))
                .forEach(target ->
                        shown.addAll(Queries.metrics(target.path("expr").asText()))));
        Set<String> own = new TreeSet<>();
        ExposedMetrics.labelsByName().keySet().stream()
                .filter(name -> name.startsWith("sluice_"))
                .map(name -> name.replaceFirst("_(bucket|count|sum|max)$", ""))
                .forEach(own::add);

        assertThat(shown.stream().map(name -> name.replaceFirst("_(bucket|count|sum|max)$", "")))
                .containsAll(own);
    }

    @Test
    void panelsDoNotOverlap() {
        Set<String> taken = new TreeSet<>();
        assertThat(items(dashboard.path("panels"))).allSatisfy(panel -> {
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).isLessThanOrEqualTo(24);
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    assertThat(taken.add(x + "," + (place.path("y").asInt() + y)))
                            .as("%s overlaps", panel.path("title"))
                            .isTrue();
                }
            }
        });
    }

    @Test
    void everyVariableThatQueriesUseCanBeChosen() {
        List<JsonNode> variables = items(dashboard.at("/templating/list"));

        assertThat(variables.stream().map(variable -> variable.path("name").asText()))
                .containsExactly("datasource", "instance", "type");
        assertThat(variables.subList(1, 3))
                .allSatisfy(variable -> assertThat(variable.path("definition").asText())
                        .startsWith("label_values(")
                        .satisfies(query ->
                                assertThat(Queries.metrics(query)).isSubsetOf(Set.of("up", "sluice_tasks_in_flight"))));
        assertThat(panels)
                .allSatisfy(panel -> assertThat(items(panel.path("targets")))
                        .allSatisfy(target -> assertThat(target.path("expr")
                                        .asText()
                                        .replaceAll("\\$(instance|type|__rate_interval|__range)\\b", ""))
                                .doesNotContain("$")));
    }

    @Test
    void grafanaIsToldOfPrometheusAndOfTheDashboardsFolder() {
        JsonNode source = DeployFiles.document(GRAFANA.resolve("provisioning/datasources/prometheus.yml"))
                .at("/datasources/0");
        JsonNode provider = DeployFiles.document(GRAFANA.resolve("provisioning/dashboards/sluice.yml"))
                .at("/providers/0");

        assertThat(source.path("type").asText()).isEqualTo("prometheus");
        assertThat(source.path("url").asText()).isEqualTo("http://prometheus:9090");
        assertThat(provider.path("type").asText()).isEqualTo("file");
        assertThat(provider.at("/options/path").asText()).isEqualTo("/var/lib/grafana/dashboards");
        assertThat(texts(dashboard.path("tags"))).contains("sluice");
    }
}
