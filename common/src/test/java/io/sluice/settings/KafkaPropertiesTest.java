package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
    @Test
    void textNumbersBooleansAndNestedMappingsPassThrough() {
        Settings settings = Loading.settings("""
                kafka:
                  bootstrap: {servers: "a:1, b:2"}
                  sasl: {mechanism: PLAIN, login: {class: com.example.Login}}
                  security.protocol: SASL_SSL
                  receive.buffer.bytes: -1
                  exclude.internal.topics: false
                  client.rack: "${env:RACK}"
                """);

        assertThat(settings.kafka())
                .containsEntry("bootstrap.servers", "a:1, b:2")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("sasl.login.class", "com.example.Login")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("receive.buffer.bytes", "-1")
                .containsEntry("exclude.internal.topics", "false")
                .containsEntry("client.rack", "${env:RACK}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "enable.auto.commit",
                "auto.commit.interval.ms",
                "isolation.level",
                "auto.offset.reset",
                "acks",
                "enable.idempotence",
                "transactional.id",
                "group.id",
                "group.instance.id",
                "group.protocol",
                "group.remote.assignor",
                "partition.assignment.strategy",
                "key.serializer",
                "value.serializer",
                "key.deserializer",
                "value.deserializer",
                "partitioner.class",
                "partitioner.ignore.keys",
                "allow.auto.create.topics"
            })
    void propertiesThatAPromiseRestsOnAreRefused(String key) {
        assertThat(Loading.faults("kafka: {" + key + ": x}"))
                .singleElement()
                .asString()
                .startsWith("kafka." + key + ": refused: ")
                .hasSizeGreaterThan(("kafka." + key + ": refused: ").length());
    }

    @Test
    void aRefusedPropertyIsRefusedNestedToo() {
        assertThat(Loading.faults("kafka: {group: {protocol: classic}}"))
                .containsExactly("kafka.group.protocol: refused: use consumer.group-protocol");
    }

    @ParameterizedTest
    @ValueSource(strings = {"session.timeout.ms", "heartbeat.interval.ms"})
    void whatTheBrokerSetsWithTheConsumerProtocolIsForTheClassicOne(String key) {
        assertThat(Loading.faults("kafka: {" + key + ": 20000}"))
                .containsExactly("kafka." + key + ": refused: with group-protocol consumer the broker sets it");
        assertThat(Loading.faults("{kafka: {" + key + ": 20000}, consumer: {group-protocol: classic}}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bootstap.servers, bootstrap.servers",
        "max.poll.record, max.poll.records",
        "sasl.mechanisms, sasl.mechanism",
        "ssl.truststore.pasword, ssl.truststore.password",
    })
    void anUnknownPropertyIsRefusedWithTheNearestOne(String unknown, String known) {
        assertThat(Loading.faults("kafka: {" + unknown + ": x}"))
                .containsExactly("kafka." + unknown + ": unknown, did you mean " + known + "?");
    }

    @Test
    void aPropertyLikeNoneIsRefusedToo() {
        assertThat(Loading.faults("kafka: {whatever: x}"))
                .containsExactly("kafka.whatever: unknown to every Kafka client");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.my.plugin.token",
                "ssl.my.engine.slot",
                "metrics.my.reporter.interval",
                "config.providers.vault.param.url"
            })
    void propertiesOfPluginsPassThrough(String key) {
        assertThat(Loading.settings("kafka: {" + key + ": x}").kafka()).containsEntry(key, "x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fetch.min.bytes: lots| kafka.fetch.min.bytes: found \"lots\", expected what Kafka takes: Not a number of"
                        + " type INT",
                "max.poll.interval.ms: 0| kafka.max.poll.interval.ms: found \"0\", expected what Kafka takes: Value must be"
                        + " at least 1",
                "bootstrap.servers: localhost| kafka.bootstrap.servers: found \"localhost\", expected host:port, or several"
                        + " with commas between",
                "bootstrap.servers: ''| kafka.bootstrap.servers: found \"\", expected host:port, or several with commas"
                        + " between",
                "bootstrap.servers: ['a:1']| kafka.bootstrap.servers: found a list, expected text, with commas between"
                        + " several",
            })
    void aValueThatKafkaWouldNotTakeIsRefused(String property, String fault) {
        assertThat(Loading.faults("kafka: {" + property + "}")).containsExactly(fault);
    }

    @Test
    void aPropertyGivenBothWaysIsRefused() {
        assertThat(Loading.faults("kafka: {sasl.mechanism: A, sasl: {mechanism: B}}"))
                .containsExactly("kafka.sasl.mechanism: given twice, nested and with dots");
    }
}
