package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFaultsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic: 5| topic: found 5, expected text (a number needs quotes)",
                "topic: [a]| topic: found [\"a\"], expected text (a number needs quotes)",
                "consumer: {max-in-flight: many}| consumer.max-in-flight: found \"many\", expected a whole number",
                "consumer: {max-in-flight: '5'}| consumer.max-in-flight: found \"5\", expected a whole number",
                "consumer: {max-in-flight: 1.5}| consumer.max-in-flight: found 1.5, expected a whole number",
                "consumer: {max-in-flight: 3000000000}"
                        + "| consumer.max-in-flight: found 3000000000, expected a whole number",
                "consumer: {stop-grace: 5}"
                        + "| consumer.stop-grace: found 5, expected a duration such as 250ms, 5s, 10m, 6h or 30d",
                "consumer: {stop-grace: 5 sec}"
                        + "| consumer.stop-grace: found \"5 sec\", expected a duration such as 250ms, 5s, 10m, 6h or 30d",
                "consumer: {group-protocol: new}"
                        + "| consumer.group-protocol: found \"new\", expected one of consumer, classic",
                "producer: {max-body: big}"
                        + "| producer.max-body: found \"big\", expected a size below 2GB such as 512KB, 1MB or a number of bytes",
                "producer: {max-body: 2GB}"
                        + "| producer.max-body: found \"2GB\", expected a size below 2GB such as 512KB, 1MB or a number of bytes",
                "types: {fetch: {retry: {factor: x}}}| types.fetch.retry.factor: found \"x\", expected a number",
                "types: {fetch: {results: some}}"
                        + "| types.fetch.results: found \"some\", expected one of all, failures, none",
                "types: {fetch: {retry: {jitter: 1}}}"
                        + "| types.fetch.retry.jitter: found 1, expected one of none, equal, full",
                "types: {fetch: {retry: {permanent: a.B}}}"
                        + "| types.fetch.retry.permanent: found \"a.B\", expected a list of texts",
                "types: {fetch: {retry: {permanent: [a.B, 5]}}}"
                        + "| types.fetch.retry.permanent: found [\"a.B\",5], expected a list of texts",
                "types: {fetch: {options: 5}}| types.fetch.options: found a value, expected a mapping",
                "types: {fetch: 5s}| types.fetch: found \"5s\", expected a mapping",
                "consumer: [a]| consumer: found [\"a\"], expected a mapping",
            })
    void aValueOfTheWrongTypeIsShownWithItsPath(String yaml, String fault) {
        assertThat(Loading.faults(yaml)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer: {max-inflight: 5}| consumer.max-inflight: unknown, did you mean max-in-flight?",
                "Topic: x| Topic: unknown, did you mean topic?",
                "types: {fetch: {time-out: 5s}}| types.fetch.time-out: unknown, did you mean timeout?",
                "types: {fetch: {retry: {attempts: 5}}}"
                        + "| types.fetch.retry.attempts: unknown, did you mean max-attempts?",
                "types: {fetch: {on-timeout: {defualt: 5}}}"
                        + "| types.fetch.on-timeout.defualt: unknown, did you mean default?",
                "producer: {index: {threads: 5}}"
                        + "| producer.index.threads: unknown, expected one of max-tasks, max-size, window",
            })
    void anUnknownKeyIsRefusedWithTheNearestOne(String yaml, String fault) {
        assertThat(Loading.faults(yaml)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer: {max-in-flight: 0}| consumer.max-in-flight: found 0, expected at least 1",
                "producer: {tls-key: k}| producer.tls-key: found k, expected tls-certificate, too",
                "producer: {tls-certificate: c}| producer.tls-certificate: found c, expected tls-key, too",
                "producer: {allow-insecure: maybe}| producer.allow-insecure: found \"maybe\", expected true or false",
                "producer: {max-connections: 0}| producer.max-connections: found 0, expected at least 1",
                "producer: {default-wait: 2m}| producer.default-wait: found 2m, expected at most max-wait (1m)",
                "producer: {index: {window: 0s}}| producer.index.window: found 0ms, expected at least 1ms",
                "producer: {schemas: {fetch: 5}}| producer.schemas.fetch: found 5, expected the name of a file",
                "consumer: {max-in-flight-per-key: 0}| consumer.max-in-flight-per-key: found 0, expected at least 1",
                "consumer: {group: ' '}| consumer.group: found \" \", expected a name",
                "consumer: {commit-interval: 9ms}| consumer.commit-interval: found 9ms, expected at least 10ms",
                "consumer: {drain-timeout: 0s}| consumer.drain-timeout: found 0ms, expected at least 1ms",
                "consumer: {handover-timeout: PT-5S}| consumer.handover-timeout: found PT-5S, expected at least 1ms",
                "consumer: {stop-grace: 0ms}| consumer.stop-grace: found 0ms, expected at least 1ms",
                "consumer: {unknown-type-wait: 4000d}"
                        + "| consumer.unknown-type-wait: found 4000d, expected at most 3650d",
                "consumer: {ordered-wait-max: 0s}| consumer.ordered-wait-max: found 0ms, expected at least 1ms",
                "consumer: {stall-warning: 0s}| consumer.stall-warning: found 0ms, expected at least 1ms",
                "consumer: {fence-after: 999ms}| consumer.fence-after: found 999ms, expected at least 1s",
                "consumer: {max-stuck: -1}| consumer.max-stuck: found -1, expected at least 0",
                "producer: {host: ''}| producer.host: found \"\", expected an address to listen on",
                "producer: {port: 65536}| producer.port: found 65536, expected 0 to 65535",
                "producer: {max-buffered: 0}| producer.max-buffered: found 0, expected at least 1",
                "producer: {max-body: 0}| producer.max-body: found 0, expected at least 1",
                "types: {fetch: {timeout: 0s}}| types.fetch.timeout: found 0ms, expected at least 1ms",
                "types: {fetch: {max-in-flight: 0}}| types.fetch.max-in-flight: found 0, expected at least 1",
                "types: {fetch: {pool-size: 0}}| types.fetch.pool-size: found 0, expected at least 1",
                "types: {fetch: {retry: {max-attempts: 0}}}"
                        + "| types.fetch.retry.max-attempts: found 0, expected at least 1",
                "types: {fetch: {retry: {factor: 0.9}}}| types.fetch.retry.factor: found 0.9, expected at least 1",
                "types: {fetch: {retry: {backoff: 0s}}}| types.fetch.retry.backoff: found 0ms, expected at least 1ms",
                "types: {fetch: {retry: {max-backoff: 0s}}}"
                        + "| types.fetch.retry.max-backoff: found 0ms, expected at least 1ms",
                "types: {fetch: {retry: {max-age: 0s}}}| types.fetch.retry.max-age: found 0ms, expected at least 1ms",
                "types: {fetch: {retry: {in-memory: 9s}}}| types.fetch.retry.in-memory: found 9s, expected at least 10s, which"
                        + " is the shortest of the delay topics",
                "types: {fetch: {retry: {permanent: [a.B, IOException]}}}| types.fetch.retry.permanent: found"
                        + " \"IOException\", expected exception classes with their packages, such as"
                        + " java.io.FileNotFoundException",
                "kafka: {max.poll.records: 1001}| kafka.max.poll.records: found 1001, expected at most 1000: the map of the"
                        + " unsettled ones must fit a commit",
                "kafka: {max.poll.records: '${env:N}'}| kafka.max.poll.records: refused: the map of the unsettled ones must"
                        + " fit a commit, so write the number out",
                "types: {' ': {}}| types. : found \" \", expected the name of a type",
                "default-type: ''| default-type: found \"\", expected a name",
                "topic: a b| topic: found \"a b\", expected 1 to 239 letters, digits, dots, dashes or underscores, and more"
                        + " than dots",
                "topic: ..| topic: found \"..\", expected 1 to 239 letters, digits, dots, dashes or underscores, and more"
                        + " than dots",
            })
    void aValueOutOfItsRangeIsRefused(String yaml, String fault) {
        assertThat(Loading.faults(yaml)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer: {max-in-flight: 5, max-in-flight-per-key: 6}"
                        + "| consumer.max-in-flight-per-key: found 6, expected at most max-in-flight (5)",
                "types: {fetch: {max-in-flight: 101}}"
                        + "| types.fetch.max-in-flight: found 101, expected at most consumer.max-in-flight (100)",
                "types: {fetch: {retry: {backoff: 31s}}}"
                        + "| types.fetch.retry.backoff: found 31s, expected at most max-backoff (30s)",
                "types: {fetch: {timeout: 286s}}| types.fetch.timeout: found 286s, expected at most 285s: shorten it or"
                        + " raise kafka.max.poll.interval.ms (300000), which must cover it, consumer.stop-grace (5s) and a"
                        + " margin of 10s",
                "{kafka: {max.poll.interval.ms: 20000}, consumer: {stop-grace: 1s}}"
                        + "| consumer.handover-timeout: found 10s, expected at most 9s: shorten it or raise"
                        + " kafka.max.poll.interval.ms (20000), which must cover it, consumer.stop-grace (1s) and a margin of"
                        + " 10s",
                "{kafka: {session.timeout.ms: 10000}, consumer: {group-protocol: classic, fence-after: 11s}}"
                        + "| consumer.fence-after: found 11s, expected at most kafka.session.timeout.ms (10000)",
            })
    void settingsThatDoNotFitEachOtherAreRefused(String yaml, String fault) {
        assertThat(Loading.faults(yaml)).containsExactly(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer: {max-in-flight: 6, max-in-flight-per-key: 6}",
                "types: {fetch: {max-in-flight: 100, timeout: 285s, retry: {backoff: 30s, factor: 1}}}",
                "{kafka: {session.timeout.ms: 10000}, consumer: {group-protocol: classic, fence-after: 10s}}",
                "consumer: {max-stuck: 0, fence-after: 1h}",
                "{kafka: {max.poll.interval.ms: 600000}, types: {fetch: {timeout: 585s}}}",
            })
    void settingsThatJustFitAreTaken(String yaml) {
        assertThat(Loading.faults(yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{consumer: {max-in-flight: x, max-in-flight-per-key: 200}, types: {fetch: {max-in-flight: 150}}}"
                        + "| consumer.max-in-flight: found \"x\", expected a whole number",
                "{consumer: {max-in-flight: 0, max-in-flight-per-key: 200}}"
                        + "| consumer.max-in-flight: found 0, expected at least 1",
                "{kafka: {max.poll.interval.ms: soon}, types: {fetch: {timeout: 10m}}}"
                        + "| kafka.max.poll.interval.ms: found \"soon\", expected what Kafka takes: Not a number of type INT",
                "types: {fetch: {retry: {max-backoff: x, backoff: 1m}}}| types.fetch.retry.max-backoff: found \"x\","
                        + " expected a duration such as 250ms, 5s, 10m, 6h or 30d",
            })
    void noFaultFollowsFromAnother(String yaml, String fault) {
        assertThat(Loading.faults(yaml)).containsExactly(fault);
    }

    @Test
    void virtualThreadsAreRefusedWhereThereAreNone() {
        int java = Runtime.version().feature();

        assertThat(Loading.faults("types: {fetch: {threads: virtual}}"))
                .isEqualTo(
                        java >= 21
                                ? List.of()
                                : List.of("types.fetch.threads: found virtual on Java " + java
                                        + ", expected platform, or Java 21 or newer"));
    }

    @Test
    void onlyTheFaultyValueIsReplacedWhileReadingGoesOn() {
        assertThat(Loading.faults("""
                        consumer: {max-in-flight: 20, max-in-flight-per-key: 0}
                        types: {fetch: {max-in-flight: 50}}
                        """))
                .containsExactly(
                        "consumer.max-in-flight-per-key: found 0, expected at least 1",
                        "types.fetch.max-in-flight: found 50, expected at most consumer.max-in-flight (20)");
    }

    @Test
    void tenFaultsOfFileEnvironmentAndCrossChecksComeAtOnce() {
        assertThatThrownBy(() ->
                        Loading.settings("""
                        kafka: {group.id: mine, fetch.min.byte: 1}
                        topic: "not legal"
                        consumer: {max-in-flight: 40, max-in-flight-per-key: 41, commit-interval: fast}
                        producer: {port: -1, hots: localhost}
                        types:
                          fetch: {timeout: 1h, max-in-flight: 50}
                        """, Map.of("SLUICE_CONSUMER_GROP", "g", "SLUICE_CONSUMER_STOP_GRACE", "0s")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("""
                        consumer.max-in-flight-per-key: found 41, expected at most max-in-flight (40)
                        consumer.stop-grace (SLUICE_CONSUMER_STOP_GRACE): found 0ms, expected at least 1ms
                        consumer.commit-interval: found "fast", expected a duration such as 250ms, 5s, 10m, 6h or 30d
                        producer.port: found -1, expected 0 to 65535
                        producer.hots: unknown, did you mean host?
                        SLUICE_CONSUMER_GROP: unknown, did you mean SLUICE_CONSUMER_GROUP?
                        kafka.fetch.min.byte: unknown, did you mean fetch.min.bytes?
                        kafka.group.id: refused: use consumer.group
                        topic: found "not legal", expected 1 to 239 letters, digits, dots, dashes or underscores, and more than dots
                        types.fetch.max-in-flight: found 50, expected at most consumer.max-in-flight (40)""");
    }
}
