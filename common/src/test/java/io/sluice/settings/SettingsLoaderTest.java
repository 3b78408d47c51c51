package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
    @Test
    void everySettingOfAFileArrives() {
        Settings settings = Loading.settings("""
                kafka: {bootstrap.servers: "a:1,b:2", sasl: {mechanism: PLAIN}, fetch.min.bytes: 5}
                topic: jobs
                default-type: http
                consumer: {group: g, group-protocol: classic, max-in-flight: 7, max-in-flight-per-key: 3,
                  commit-interval: 20ms, drain-timeout: 1m, handover-timeout: 2s, stop-grace: 3s, unknown-type-wait: 1h,
                  max-stuck: 4, ordered-wait-max: 2h, stall-warning: 3m, fence-after: 4s}
                producer: {host: 0.0.0.0, port: 0, tokens-file: t, tls-certificate: c, tls-key: k, allow-insecure: true,
                  max-buffered: 9, max-buffered-size: 10KB, max-body: 512KB, max-connections: 8, idle-timeout: 5s, default-wait: 6s, max-wait: 7s,
                  index: {max-tasks: 10, max-size: 11KB, window: 12s}, schemas: {http: s.json}}
                types:
                  http: {timeout: 4s, max-in-flight: 6, results: failures, on-timeout: {default: {late: true}},
                    threads: platform, pool-size: 2, options: {url: "http://w/", deep: {x: [1, null]}},
                    retry: {max-attempts: 3, backoff: 1s, factor: 1.5, max-backoff: PT5S, jitter: none, max-age: 2d,
                      in-memory: 20s, permanent: [java.io.IOException, a.B$C]}}
                """);

        assertThat(settings.kafka())
                .containsEntry("bootstrap.servers", "a:1,b:2")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("fetch.min.bytes", "5")
                .hasSize(3);
        assertThat(settings.topics()).isEqualTo(TopicNames.of("jobs"));
        assertThat(settings.defaultType()).isEqualTo("http");
        assertThat(settings.consumer())
                .isEqualTo(new ConsumerSettings(
                        "g",
                        GroupProtocol.CLASSIC,
                        new Limits(7, 3, 4),
                        Duration.ofMillis(20),
                        new Stopping(Duration.ofMinutes(1), Duration.ofSeconds(2), Duration.ofSeconds(3)),
                        new Patience(
                                Duration.ofHours(1),
                                Duration.ofHours(2),
                                Duration.ofMinutes(3),
                                Duration.ofSeconds(4))));
        assertThat(settings.producer())
                .isEqualTo(new ProducerSettings(
                        new Listen("0.0.0.0", 0, Path.of("t"), Path.of("c"), Path.of("k"), true),
                        9,
                        10 * 1024,
                        new HttpLimits(
                                512 * 1024, 8, Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofSeconds(7)),
                        new IndexSettings(10, 11 * 1024, Duration.ofSeconds(12)),
                        Map.of("http", Path.of("s.json"))));
        assertThat(settings.type("http"))
                .isEqualTo(new TypeSettings(
                        Duration.ofSeconds(4),
                        6,
                        new Answers(Results.FAILURES, Json.of("{\"late\":true}")),
                        new RetrySettings(
                                3,
                                new Backoff(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(5), Jitter.NONE),
                                Duration.ofDays(2),
                                Duration.ofSeconds(20),
                                List.of("java.io.IOException", "a.B$C")),
                        new WorkerPool(ThreadKind.PLATFORM, 2),
                        Json.of("{\"url\":\"http://w/\",\"deep\":{\"x\":[1,null]}}")));
    }

    @Test
    void aTypesLimitIsTheConsumersUnlessItIsGiven() {
        Settings settings = Loading.settings("""
                consumer: {max-in-flight: 60}
                types: {fetch: {}, http: {max-in-flight: 4}, empty: }
                """);

        assertThat(settings.type("fetch").maxInFlight()).isEqualTo(60);
        assertThat(settings.type("fetch").pool().size()).isEqualTo(60);
        assertThat(settings.type("http").pool().size()).isEqualTo(4);
        assertThat(settings.type("undeclared").maxInFlight()).isEqualTo(60);
        assertThat(settings.types()).containsOnlyKeys("fetch", "http", "empty");
    }

    @Test
    void defaultsMakeRoomForWhatIsGiven() {
        Settings settings = Loading.settings("""
                kafka: {max.poll.interval.ms: 40000}
                consumer: {max-in-flight: 5}
                types: {fetch: {retry: {max-backoff: 100ms}}}
                """);

        assertThat(settings.consumer().limits()).isEqualTo(new Limits(5, 5));
        assertThat(settings.type("fetch").retry().backoff().first()).isEqualTo(Duration.ofMillis(100));
        assertThat(settings.type("fetch").timeout()).isEqualTo(Duration.ofSeconds(25));
        assertThat(settings.type("undeclared").timeout()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void aSessionThatIsShortenedAloneShortensTheFence() {
        Settings settings =
                Loading.settings("{kafka: {session.timeout.ms: 6000}, consumer: {group-protocol: classic}}");

        assertThat(settings.consumer().patience().fenceAfter()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aKeyWithoutAValueIsLeftOut() {
        Settings settings = Loading.settings("topic:\nkafka:\n  client.id:\nconsumer:\n  group: ~\ntypes:\n");

        assertThat(settings).isEqualTo(Settings.defaults());
    }

    @Test
    void theDefaultOfATimeoutCanBeAnyJson() {
        assertThat(onTimeout("default: text")).isEqualTo("\"text\"");
        assertThat(onTimeout("default: false")).isEqualTo("false");
        assertThat(onTimeout("default: [1, {a: 2.5}]")).isEqualTo("[1,{\"a\":2.5}]");
        assertThat(onTimeout("")).isEqualTo("null");
    }

    private static String onTimeout(String yaml) {
        Settings settings = Loading.settings("types: {fetch: {on-timeout: {" + yaml + "}}}");
        return String.valueOf(settings.type("fetch").answers().onTimeoutDefault());
    }

    @ParameterizedTest
    @CsvSource({"250ms, 250", "5s, 5000", "10m, 600000", "6h, 21600000", "30d, 2592000000", "PT5S, 5000", "5 s, 5000"})
    void durationsAreWrittenWithTheirUnit(String text, long milliseconds) {
        Settings settings = Loading.settings("consumer: {unknown-type-wait: " + text + "}");

        assertThat(settings.consumer().patience().unknownTypeWait()).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "4096, 4096", "100B, 100", "512KB, 524288", "1MB, 1048576", "1mb, 1048576", "1GB, 1073741824"})
    void sizesAreBytesOrHaveAUnit(String text, int bytes) {
        assertThat(Loading.settings("producer: {max-body: " + text + "}")
                        .producer()
                        .http()
                        .maxBodyBytes())
                .isEqualTo(bytes);
    }

    @Test
    void settingsDoNotShowThePasswordsInThem() {
        Settings settings = Loading.settings("kafka: {sasl.jaas.config: hunter2}");

        assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
    }
}
