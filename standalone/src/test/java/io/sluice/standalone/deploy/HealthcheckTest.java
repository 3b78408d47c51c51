package io.sluice.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the images' own health check asks: run by a shell, beside a curl that says what it was asked for. */
class HealthcheckTest {
    private static final Pattern HEALTHCHECK = Pattern.compile("HEALTHCHECK [^\n]*\n +CMD ((?:[^\n]*\\\\\n)*[^\n]*)\n");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 9000, http://127.0.0.1:9000/health/ready",
        "0.0.0.0, 9100, http://127.0.0.1:9100/health/ready",
        "'', 9000, http://127.0.0.1:9000/health/ready",
        "10.1.2.3, 9000, http://10.1.2.3:9000/health/ready",
        "::, 9000, http://127.0.0.1:9000/health/ready",
        "fd00::7, 9000, http://[fd00::7]:9000/health/ready"
    })
    void itAsksWhereTheManagementPortListens(String host, String port, String url) throws Exception {
        for (String part : new String[] {"producer", "consumer"}) {
            assertThat(run(part, host, port, 0)).as(part).isEqualTo("-fsS -m 3 " + url + "\n0");
            assertThat(run(part, host, port, 22)).as(part).isEqualTo("-fsS -m 3 " + url + "\n1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer"})
    void whoHasNoManagementPortIsAskedNothingAndHealthy(String part) throws Exception {
        assertThat(run(part, "0.0.0.0", "", 7)).isEqualTo("0");
    }

    /** What curl was told, and the exit code. */
    private String run(String part, String host, String port, int curls) throws IOException, InterruptedException {
        Shell shell = new Shell(folder);
        shell.define("curl", "echo \"$@\"\nexit " + curls);
        return shell.run(command(part), Map.of("SLUICE_MANAGEMENT_HOST", host, "SLUICE_MANAGEMENT_PORT", port));
    }

    /** As Docker has it: one line. */
    private static String command(String part) {
        Matcher found = HEALTHCHECK.matcher(DeployFiles.text(DeployFiles.ROOT.resolve(part + "/Dockerfile")));
        assertThat(found.find()).isTrue();
        return found.group(1).replace("\\\n", "");
    }
}
