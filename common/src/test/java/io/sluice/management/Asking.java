package io.sluice.management;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a management port, as a probe or a scraper does. */
public final class Asking {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String url;

    /** @param url with its last slash */
    public Asking(String url) {
        this.url = url;
    }

    public HttpResponse<String> get(String path) {
        return send("GET", path, "", "*/*");
    }

    /** @param path without its first slash */
    public HttpResponse<String> send(String method, String path, String body, String accept) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("accept", accept)
                .header("content-type", "application/json")
                .timeout(PATIENCE)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " gets no answer", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends JSON to a service. */
    public HttpResponse<String> post(String path, JsonObject body) {
        return send("POST", path, body.encode(), "application/json");
    }

    public JsonObject json(String path) {
        return new JsonObject(get(path).body());
    }

    /** The status and the one check that this name ends with: {@code 503 no answer within 2 s}. */
    public String check(String path, String name) {
        HttpResponse<String> response = get(path);
        return new JsonObject(response.body())
                .getJsonArray("checks").stream()
                        .map(JsonObject.class::cast)
                        .filter(check -> check.getString("name").endsWith(name))
                        .map(check -> response.statusCode() + " " + check.getString("status") + " "
                                + check.getString("reason"))
                        .findFirst()
                        .orElse("no " + name + " in " + response.body());
    }

    /** Sends these bytes and reads until the server closes the connection. */
    static String raw(int port, String text) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }
}
