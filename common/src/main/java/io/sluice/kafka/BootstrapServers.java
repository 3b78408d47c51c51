package io.sluice.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Looks by connections alone whether anything listens where a broker should be, before a client of Kafka's is made: those
 * fill the screen with a warning for each of their attempts.
 */
public final class BootstrapServers {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A server that is slow to connect to must not use up the time of the others. */
    private static final Duration CONNECT = Duration.ofSeconds(1);

    /** Less says nothing: not even a refusal would come in time. */
    private static final Duration SHORTEST_CONNECT = Duration.ofMillis(200);

    private BootstrapServers() {}

    /**
     * Waits until something listens at one of them, going round. Blocks.
     *
     * @param servers as {@code bootstrap.servers} has them
     * @return why nothing does; empty if something does, or these are no servers that this understands
     */
    public static Optional<String> awaitListening(String servers, Duration patience) {
        List<String> all = Arrays.stream(servers.split(",")).map(String::strip).toList();
        long end = System.nanoTime() + patience.toNanos();
        String reason = "";
        do {
            for (String server : all) {
                @Nullable String host = Utils.getHost(server);
                @Nullable Integer port = Utils.getPort(server);
                if (host == null || port == null) {
                    // The settings let no such thing pass, but Kafka's clients may understand more some day.
                    return Optional.empty();
                }
                try (Socket socket = new Socket()) {
                    Duration left = Duration.ofNanos(end - System.nanoTime());
                    socket.connect(new InetSocketAddress(host, port), millis(left));
                    return Optional.empty();
                } catch (UnknownHostException e) {
                    reason = "unknown host " + host;
                } catch (IOException e) {
                    reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        } while (System.nanoTime() - end < 0);
        return Optional.of(reason);
    }

    private static int millis(Duration left) {
        return (int) Math.max(SHORTEST_CONNECT.toMillis(), Math.min(CONNECT.toMillis(), left.toMillis()));
    }
}
