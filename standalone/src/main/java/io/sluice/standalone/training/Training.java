package io.sluice.standalone.training;

import io.sluice.cli.Waiting;
import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import io.sluice.standalone.broker.EmbeddedBroker;
import io.sluice.topics.PipelineTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a service as a process, gives it real work on a broker of its own, and stops it as an operator would: what the JVM of an image
 * learns its classes from. Arguments: {@code consumer} or {@code producer}, then the service's own command line. Main thread.
 */
public final class Training {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PARTITIONS = 4;

    private Training() {}

    /** Exits with 0 if the service did its work and ended well. */
    public static void main(String[] arguments) throws Exception {
        List<String> command = List.of(arguments).subList(1, arguments.length);
        Lesson lesson = arguments[0].equals("consumer") ? Lesson.forConsumers() : Lesson.forProducers();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            Map<String, String> variables = new HashMap<>(lesson.variables());
            variables.put("SLUICE_MANAGEMENT_HOST", "127.0.0.1");
            variables.put("SLUICE_MANAGEMENT_PORT", Integer.toString(freePort()));
            variables.put("SLUICE_KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
            Settings settings = SettingsLoader.load(null, variables);
            PipelineTopics.create(settings, PARTITIONS);
            train(command, variables, lesson, settings);
        } finally {
            lesson.close();
        }
        System.exit(0);
    }

    private static void train(List<String> command, Map<String, String> variables, Lesson lesson, Settings settings)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(variables);
        Process service = builder.start();
        try {
            lesson.teach(settings);
            ask(variables.get("SLUICE_MANAGEMENT_PORT"));
            service.destroy();
            if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || service.exitValue() != 0) {
                throw new IllegalStateException("the service did not end well: " + service);
            }
        } finally {
            service.destroyForcibly();
        }
    }

    /** What probes and scrapers ask for. A page that is not there teaches nothing, and does no harm. */
    private static void ask(@Nullable String port) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        for (String path : List.of("/health/live", "/health/ready", "/health/started", "/metrics")) {
            try {
                HttpResponse<String> unused = client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                System.err.println("Not learnt: " + path + ", " + e);
            }
        }
    }

    /** A port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns when something listens on the port. */
    static void awaitListener(int port) {
        if (!Waiting.until(() -> listens(port), PATIENCE)) {
            throw new IllegalStateException("nothing listens on port " + port);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
