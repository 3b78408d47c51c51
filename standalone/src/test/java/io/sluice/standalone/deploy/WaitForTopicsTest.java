package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.COMPONENTS;
import static io.sluice.standalone.deploy.DeployFiles.ROOT;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer's init container: what is applied together comes up together. */
class WaitForTopicsTest {
    private final JsonNode wait =
            DeployFiles.inBase("Deployment", "sluice-consumer").at("/spec/template/spec/initContainers/0");
    private final String script = wait.at("/args/0").asText();

    @TempDir
    Path folder;

    private String run(String java) throws Exception {
        Shell shell = new Shell(folder);
        shell.define("java", java);
        shell.define("sleep", "echo slept");
        return shell.run(script, Map.of());
    }

    @Test
    void itRunsTheProducersImageAsThatRunsItself() {
        String entry = DeployFiles.text(ROOT.resolve("producer/Dockerfile"))
                .lines()
                .filter(line -> line.startsWith("ENTRYPOINT "))
                .map(line -> line.replaceAll("ENTRYPOINT|[\\[\\]\",]", "").strip())
                .findFirst()
                .orElseThrow();

        assertThat(wait.path("image").asText()).isEqualTo("sluice-producer");
        assertThat(texts(wait.path("command"))).containsExactly("sh", "-c");
        assertThat(script).contains(entry + " topics check ");
    }

    @Test
    void itEndsWhenTheTopicsAreRight() throws Exception {
        assertThat(run("exit 0")).isEqualTo("0");
    }

    @Test
    void itAsksAgainUntilTheyAre() throws Exception {
        Path asked = folder.resolve("asked");

        assertThat(run("echo >>" + asked + "; n=0; while read -r line; do n=$((n + 1)); done <" + asked
                        + "; test $n -eq 3"))
                .isEqualTo("slept\nslept\n0");
    }

    @Test
    void inTheEndItLetsTheConsumerSayWhatIsWrong() throws Exception {
        assertThat(run("exit 1").lines()).hasSize(13).last().isEqualTo("0");
    }

    /** A variable of the config map that all share names the file with it. */
    @Test
    void itHasTheLoginToKafkaToo() {
        JsonNode patched = DeployFiles.document(COMPONENTS.resolve("kafka-sasl-ssl/mount-wait.yaml"))
                .at("/spec/template/spec/initContainers/0");
        JsonNode mounted = DeployFiles.document(COMPONENTS.resolve("kafka-sasl-ssl/mount-create.yaml"))
                .at("/0/value");

        assertThat(patched.path("name")).isEqualTo(wait.path("name"));
        assertThat(patched.at("/volumeMounts/0")).isEqualTo(mounted);
    }
}
