package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice site}: the demo's site for a pipeline elsewhere. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals")
class SiteCommandTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void itListsItsUrlsAndTellsWhatItsHostsCounted() throws Exception {
        int port = portWithAFreeOneAfterIt();
        try (CommandProcess site = CommandProcess.start(
                folder, Map.of(), "site", "--name", "localhost", "--port", Integer.toString(port), "--hosts", "1")) {
            site.awaitErr("The site is at ");
            String host = "localhost:" + (port + 1);

            List<String> urls = get(port, "/urls?count=3").body().lines().toList();
            assertThat(urls).hasSize(3).doesNotHaveDuplicates().allMatch(url -> url.startsWith("http://" + host + "/"));
            assertThat(get(port, "/urls?count=all").statusCode()).isEqualTo(400);
            assertThat(get(port, "/urls").statusCode()).isEqualTo(400);
            assertThat(most(port)).isEqualTo("{\"" + host + "\":0}");
            assertThat(get(port + 1, "/nowhere").statusCode()).isEqualTo(404);
            assertThat(most(port)).isEqualTo("{\"" + host + "\":1}");

            site.signal("TERM");
            assertThat(site.exitCode()).as(site::err).isZero();
        }
    }

    private String most(int port) throws Exception {
        return Json.mapper().readTree(get(port, "/most").body()).toString();
    }

    private HttpResponse<String> get(int port, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int portWithAFreeOneAfterIt() throws IOException {
        while (true) {
            int port = CommandProcess.freePort();
            try (ServerSocket next = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
                return next.getLocalPort() - 1;
            } catch (IOException taken) {
                // Another pair, then.
            }
        }
    }
}
