package io.sluice.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.utility.MountableFile;

/** Prometheus's own tool on the configuration, the alerts and their tests. */
class PromtoolTest {
    private static final String IMAGE = "prom/prometheus:v2.53.3";

    @Test
    void theConfigurationIsGood() {
        assertThat(promtool("check", "config", "/prometheus/prometheus.yml"))
                .contains("rules found")
                .doesNotContain("FAILED");
    }

    @Test
    void eachAlertFiresWhenItShouldAndTheAutoscalersQueryCountsRight() {
        assertThat(promtool("test", "rules", "/prometheus/alerts_test.yml")).contains("SUCCESS");
    }

    /** Fails unless it ends with 0. */
    private static String promtool(String... arguments) {
        assumeTrue(canRunTheImage(), "no container engine with " + IMAGE + " answers; 'docker pull' gets the image");
        try (GenericContainer<?> container = new GenericContainer<>(IMAGE)) {
            container
                    .withCopyFileToContainer(
                            MountableFile.forHostPath(DeployFiles.DEPLOY.resolve("prometheus")), "/prometheus")
                    .withCreateContainerCmdModifier(command -> command.withEntrypoint("promtool"))
                    .withCommand(arguments)
                    .withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(2)));
            container.start();
            return container.getLogs();
        }
    }

    /** Asked for with a bound: with an engine but no network, the asking tries for minutes to get helper images. */
    private static boolean canRunTheImage() {
        return CompletableFuture.supplyAsync(() -> {
                    DockerClientFactory engine = DockerClientFactory.instance();
                    return engine.isDockerAvailable()
                            && engine.client().inspectImageCmd(IMAGE).exec() != null;
                })
                .completeOnTimeout(false, 30, TimeUnit.SECONDS)
                .exceptionally(absent -> false)
                .join();
    }
}
