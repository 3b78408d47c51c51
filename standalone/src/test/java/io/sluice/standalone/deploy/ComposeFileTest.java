package io.sluice.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.settings.Settings;
import io.sluice.settings.Stopping;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compose promises fits the services' defaults. */
class ComposeFileTest {
    private static final Pattern STOP_GRACE = Pattern.compile("\\$\\{STOP_GRACE:-(\\d+)s}");

    private final String text = DeployFiles.text(DeployFiles.ROOT.resolve("docker-compose.yml"));
    private final JsonNode services =
            DeployFiles.document(DeployFiles.ROOT.resolve("docker-compose.yml")).path("services");

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void aServiceHasTheTimeThatADrainTakesAtMost(String service) {
        Stopping stopping = Settings.defaults().consumer().stopping();
        Matcher grace = STOP_GRACE.matcher(
                services.path(service).path("stop_grace_period").asText());

        assertThat(grace.matches()).isTrue();
        assertThat(Duration.ofSeconds(Long.parseLong(grace.group(1))))
                .isGreaterThan(
                        stopping.drainTimeout().plus(stopping.stopGrace()).plus(PodsTest.ABSENT_BROKER));
        assertThat(text).contains("STOP_GRACE            " + grace.group(1) + "s ");
    }

    @Test
    void itSaysWhichComposeItNeeds() {
        assertThat(text).contains("required: false").startsWith("# A pipeline in containers, by Docker Compose 2.24 ");
    }
}
