package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.inBase;
import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.settings.Settings;
import io.sluice.settings.Stopping;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the pods start, are looked after, and stop; and what they may do. */
class PodsTest {
    private static final int MANAGEMENT_PORT = 9000;

    /** What a broker that does not answer adds to a drain, as the README has it. */
    static final Duration ABSENT_BROKER = Duration.ofSeconds(30);

    @ParameterizedTest
    @CsvSource({
        "producer, startupProbe, /health/started", "producer, livenessProbe, /health/live",
        "producer, readinessProbe, /health/ready", "consumer, startupProbe, /health/started",
        "consumer, livenessProbe, /health/live", "consumer, readinessProbe, /health/ready"
    })
    void probesAskTheManagementPort(String service, String probe, String path) {
        JsonNode container = container(service);

        assertThat(container.path(probe).at("/httpGet/path").asText()).isEqualTo(path);
        assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("management");
        assertThat(items(container.path("ports")))
                .filteredOn(port -> port.path("name").asText().equals("management"))
                .singleElement()
                .satisfies(
                        port -> assertThat(port.path("containerPort").asInt()).isEqualTo(MANAGEMENT_PORT));
    }

    @Test
    void aProducersPortIsThatOfItsSettings() {
        assertThat(items(container("producer").path("ports")))
                .filteredOn(port -> port.path("name").asText().equals("http"))
                .singleElement()
                .satisfies(port -> assertThat(port.path("containerPort").asInt())
                        .isEqualTo(Settings.defaults().producer().listen().port()));
    }

    @Test
    void aConsumerHasTheTimeThatItsDrainTakesAtMost() {
        Stopping stopping = ManifestSettings.ofBase().consumer().stopping();
        Duration grace = Duration.ofSeconds(
                spec("consumer").path("terminationGracePeriodSeconds").asLong());

        assertThat(grace)
                .isGreaterThan(
                        stopping.drainTimeout().plus(stopping.stopGrace()).plus(ABSENT_BROKER));
    }

    /** How long a handover may last is for the consumer's own {@code Health} to say, whose test shows that it bears with it. */
    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void whoIsNotLiveIsReplacedWithinAboutAMinuteButNotForOneAnswer(String service) {
        JsonNode probe = container(service).path("livenessProbe");
        long failures = probe.path("failureThreshold").asLong();
        Duration most = Duration.ofSeconds(probe.path("periodSeconds").asLong() * failures
                + probe.path("timeoutSeconds").asLong());

        assertThat(failures).isGreaterThan(1);
        assertThat(most).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(75));
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void anUpdateTakesNoneAwayBeforeAnotherIsReady(String service) {
        JsonNode update = deployment(service).at("/spec/strategy/rollingUpdate");

        assertThat(update.path("maxUnavailable").asText()).isEqualTo("0");
        assertThat(update.path("maxSurge").asInt()).isPositive();
    }

    @Test
    void signalsAreEnoughToStop() {
        assertThat(Pods.containers())
                .allMatch(container -> container.path("lifecycle").isMissingNode());
    }

    @Test
    void containersMayDoNothingButTheirWork() {
        assertThat(Pods.containers()).hasSizeGreaterThan(4).allSatisfy(container -> {
            JsonNode may = container.path("securityContext");
            assertThat(may.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(may.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(texts(may.at("/capabilities/drop"))).containsExactly("ALL");
        });
        assertThat(Pods.makers()).hasSize(3).allSatisfy(maker -> {
            JsonNode spec = maker.at("/spec/template/spec");
            assertThat(spec.path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            assertThat(spec.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(spec.at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
            assertThat(spec.at("/securityContext/runAsGroup").asInt()).isEqualTo(10001);
            assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        });
    }

    @Test
    void containersAskForWhatTheyNeedAndHaveALimitOfMemoryOnly() {
        assertThat(Pods.containers()).allSatisfy(container -> {
            JsonNode resources = container.path("resources");
            assertThat(resources.at("/requests/cpu").asText()).isNotEmpty();
            assertThat(resources.at("/requests/memory").asText()).isNotEmpty();
            assertThat(resources.at("/limits/memory").asText()).isNotEmpty();
            assertThat(resources.at("/limits/cpu").isMissingNode()).isTrue();
        });
    }

    @Test
    void whatIsMountedIsThereAndTmpMayBeWrittenTo() {
        assertThat(Pods.makers()).allSatisfy(maker -> {
            List<String> volumes = items(maker.at("/spec/template/spec/volumes")).stream()
                    .map(volume -> volume.path("name").asText())
                    .toList();
            assertThat(Pods.containers(maker))
                    .allSatisfy(container -> assertThat(items(container.path("volumeMounts")))
                            .allSatisfy(mount -> assertThat(volumes)
                                    .contains(mount.path("name").asText()))
                            .anyMatch(mount -> mount.path("mountPath").asText().equals("/tmp")));
        });
    }

    private static JsonNode deployment(String service) {
        return inBase("Deployment", "sluice-" + service);
    }

    private static JsonNode spec(String service) {
        return deployment(service).at("/spec/template/spec");
    }

    private static JsonNode container(String service) {
        return spec(service).at("/containers/0");
    }
}
