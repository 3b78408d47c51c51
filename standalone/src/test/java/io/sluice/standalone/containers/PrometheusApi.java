package io.sluice.standalone.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Asks a Prometheus over its HTTP API, and a dashboard what it would ask. */
final class PrometheusApi {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String url;

    PrometheusApi(String address) {
        this.url = "http://" + address + "/api/v1/";
    }

    /** How many targets of a job are scraped well. */
    long up(String job) throws Exception {
        return query("up{job=\"" + job + "\"} == 1").size();
    }

    /** @return what the query found, perhaps nothing */
    JsonNode query(String expression) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + "query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8)))
                .build();
        JsonNode answer = json.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(expression + ": " + answer);
        }
        return answer.path("data").path("result");
    }

    /** The queries of a Grafana dashboard, with its variables as when all is chosen. */
    static List<String> queriesOf(JsonNode dashboard) {
        List<String> queries = new ArrayList<>();
        dashboard
                .findValues("expr")
                .forEach(expression -> queries.add(expression
                        .asText()
                        .replaceAll("\\$\\{?__rate_interval}?|\\$\\{?__interval}?|\\$\\{?__range}?", "1m")
                        .replaceAll("\\$\\{?\\w+(:\\w+)?}?", ".*")));
        return queries;
    }
}
