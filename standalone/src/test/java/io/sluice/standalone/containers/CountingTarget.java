package io.sluice.standalone.containers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A worker for the type {@code http} that knows nothing of Sluice, as a process in a container of its own, with nothing but
 * the JDK: takes a tenth of a second for every task, and counts how many of a key it ever had at once. It fails at the first
 * attempt of a task whose payload asks for that.
 */
final class CountingTarget {
    static final int PORT = 8080;
    private static final int WORK_MILLIS = 100;

    private final Executor later = CompletableFuture.delayedExecutor(WORK_MILLIS, TimeUnit.MILLISECONDS);
    private final Map<String, Count> keys = new ConcurrentHashMap<>();

    /** Requests of one key. */
    private static final class Count {
        int now;
        int most;

        synchronized void enter() {
            now++;
            most = Math.max(most, now);
        }

        synchronized void leave() {
            now--;
        }

        synchronized int most() {
            return most;
        }
    }

    private CountingTarget() {}

    public static void main(String[] arguments) throws IOException {
        CountingTarget target = new CountingTarget();
        HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", PORT), 1_000);
        server.createContext("/work", target::work);
        server.createContext("/counts", target::counts);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    private void work(HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("sluice-key");
        Count count = keys.computeIfAbsent(key, added -> new Count());
        count.enter();
        String payload = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean first = "1".equals(exchange.getRequestHeaders().getFirst("sluice-attempt"));
        int status = first && payload.contains("\"again\":true") ? 500 : 200;
        later.execute(() -> {
            // Before the answer goes out: a client that has it may send the key's next one at once.
            count.leave();
            answer(exchange, status, "{\"done\":true}");
        });
    }

    private void counts(HttpExchange exchange) {
        String most = keys.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue().most())
                .collect(Collectors.joining(","));
        answer(exchange, 200, "{" + most + "}");
    }

    private static void answer(HttpExchange exchange, int status, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
