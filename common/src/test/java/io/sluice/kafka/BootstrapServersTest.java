package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class BootstrapServersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Linux drops what comes to a listener whose queue is full, as a firewall does. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aFirstServerThatNeverConnectsDoesNotUseUpTheTimeOfTheOthers() throws Exception {
        List<Socket> queue = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            fill(full, queue);
            String servers = "127.0.0.1:" + full.getLocalPort() + ", 127.0.0.1:" + listening.getLocalPort();
            long begin = System.nanoTime();

            assertThat(BootstrapServers.awaitListening(servers, PATIENCE)).isEmpty();

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PATIENCE.dividedBy(2));
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    @Test
    void whyNothingListensIsSaid() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(BootstrapServers.awaitListening("127.0.0.1:" + port, Duration.ofMillis(1)))
                .contains("Connection refused");
    }

    private static void fill(ServerSocket server, List<Socket> queue) throws IOException {
        for (boolean accepted = true; accepted; ) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 500);
            } catch (SocketTimeoutException e) {
                accepted = false;
            }
        }
    }
}
