package io.sluice.producer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.producer.client.Broker;
import io.sluice.producer.guard.IdleClients;
import io.sluice.producer.guard.RawClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class IdleConnectionsTest {
    private static final int MOST = 10_000;

    /** For everything else that a JVM and this test have open. */
    private static final int OTHERS = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TASK = "{\"payload\":1}";

    @Test
    void tasksAreTakenWhile10000ConnectionsDoNothingAndNoneOfThemIsLeft() throws Exception {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - OTHERS;
        assumeTrue(
                free >= MOST,
                "needs " + (MOST + OTHERS) + " files to be open, and this process may have "
                        + system.getMaxFileDescriptorCount() + ": ulimit -n says how many");
        Broker broker = Broker.thatAcknowledges();
        HttpPort http = HttpPort.open(
                broker, "PRODUCER_MAX_CONNECTIONS", Integer.toString(MOST + 10), "PRODUCER_IDLE_TIMEOUT", "10s");
        long before = system.getOpenFileDescriptorCount();

        Process idle = idleClients(http.port);
        try (BufferedReader said = new BufferedReader(new InputStreamReader(idle.getInputStream(), US_ASCII))) {
            assertThat(said.readLine()).isEqualTo("open");
            for (int i = 0; i < 20; i++) {
                assertThat(post(http.port)).startsWith("HTTP/1.1 202 ");
            }
            assertThat(said.readLine()).isEqualTo("closed");
            for (int i = 0; i < 20; i++) {
                assertThat(post(http.port)).startsWith("HTTP/1.1 202 ");
            }
        } finally {
            idle.destroyForcibly();
        }
        assertThat(broker.history()).hasSize(40);
        await().atMost(PATIENCE).until(() -> system.getOpenFileDescriptorCount() < before + OTHERS);
        http.close();
    }

    private static Process idleClients(int port) throws Exception {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleClients.class.getName(),
                        Integer.toString(port),
                        Integer.toString(MOST)))
                .redirectErrorStream(true)
                .start();
    }

    private static String post(int port) throws Exception {
        return RawClient.answer(
                port,
                "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        + "Content-Length: " + TASK.length() + "\r\n\r\n" + TASK);
    }
}
