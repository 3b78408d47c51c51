package io.sluice.record;

import static io.sluice.record.Records.consumed;
import static io.sluice.record.Records.header;
import static io.sluice.record.Records.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class DeadLetterTest {
    private static final Instant FIRST = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant LAST = Instant.parse("2026-11-22T10:05:00Z");
    private static final Envelope TASK = new Envelope("t-1", "fetch", null, null, null);

    private static Failure failure(Exception cause) {
        return new Failure("exhausted", 5, "the host refused", cause, FIRST, LAST);
    }

    @Test
    void theOriginalIsUntouchedByteForByte() {
        ConsumerRecord<byte[], byte[]> task = consumed("\u0000 no JSON \uFFFF", "x-a", "1", "x-a", "2", "ce_id", "t-1");
        List<Header> before = Arrays.asList(task.headers().toArray());

        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", task, TASK, failure(new IllegalStateException("no")));

        assertThat(letter.topic()).isEqualTo("tasks.dlq");
        assertThat(letter.key()).isEqualTo(task.key());
        assertThat(letter.value()).isEqualTo(task.value());
        assertThat(Arrays.asList(letter.headers().toArray()).subList(0, before.size()))
                .isEqualTo(before);
        assertThat(task.headers().toArray()).containsExactlyElementsOf(before);
    }

    @Test
    void itSaysWhereItComesFromAndWhy() {
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", consumed("{}"), TASK, failure(new IllegalStateException("no")));
        assertThat(header(letter, "sluice-origin-topic")).isEqualTo("tasks");
        assertThat(header(letter, "sluice-origin-partition")).isEqualTo("2");
        assertThat(header(letter, "sluice-origin-offset")).isEqualTo("7");
        assertThat(header(letter, "sluice-id")).isEqualTo("t-1");
        assertThat(header(letter, "sluice-reason")).isEqualTo("exhausted");
        assertThat(header(letter, "sluice-attempts")).isEqualTo("5");
        assertThat(header(letter, "sluice-first-failure")).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(header(letter, "sluice-last-failure")).isEqualTo("2026-11-22T10:05:00Z");
    }

    @Test
    void springKafkasToolsCanReadIt() {
        Exception cause = new IllegalStateException("outer", new java.io.IOException("inner"));
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", consumed("{}"), TASK, failure(cause));
        assertThat(header(letter, "kafka_dlt-original-topic")).isEqualTo("tasks");
        assertThat(number(letter, "kafka_dlt-original-partition", 4).getInt()).isEqualTo(2);
        assertThat(number(letter, "kafka_dlt-original-offset", 8).getLong()).isEqualTo(7);
        assertThat(number(letter, "kafka_dlt-original-timestamp", 8).getLong()).isEqualTo(Records.TIMESTAMP);
        assertThat(header(letter, "kafka_dlt-original-timestamp-type")).isEqualTo("CreateTime");
        assertThat(header(letter, "kafka_dlt-original-consumer-group")).isEqualTo("workers");
        assertThat(header(letter, "kafka_dlt-exception-fqcn")).isEqualTo("java.lang.IllegalStateException");
        assertThat(header(letter, "kafka_dlt-exception-cause-fqcn")).isEqualTo("java.io.IOException");
        assertThat(header(letter, "kafka_dlt-exception-message")).isEqualTo("the host refused");
        assertThat(header(letter, DeadLetter.STACK_TRACE)).startsWith("java.lang.IllegalStateException: outer");
    }

    @Test
    void whereNothingWasThrownThereIsNoTrace() {
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(
                "tasks.dlq",
                "workers",
                consumed("{}"),
                TASK,
                new Failure("expired", 0, "it was due by then", null, FIRST, LAST));
        assertThat(letter.headers().headers(DeadLetter.STACK_TRACE)).isEmpty();
        assertThat(letter.headers().headers("kafka_dlt-exception-fqcn")).isEmpty();
    }

    @Test
    void aLongTraceIsCut() {
        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(
                "tasks.dlq",
                "workers",
                consumed("{}"),
                TASK,
                failure(new IllegalStateException("long ".repeat(10_000))));
        assertThat(header(letter, DeadLetter.STACK_TRACE)).hasSize(8_192);
    }

    @Test
    void aChainOfCausesWithoutEndIsCut() {
        Exception cause = new IllegalStateException("root");
        for (int i = 0; i < 50_000; i++) {
            cause = new IllegalStateException("wrapped", cause);
        }
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", consumed("{}"), TASK, failure(cause));
        assertThat(header(letter, DeadLetter.STACK_TRACE)).hasSize(8_192);
    }

    @Test
    void aReferenceIsSmallHoweverManyHeadersThereAre() {
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", consumed("{}"), TASK, failure(new IllegalStateException("no")));
        for (int i = 0; i < 1_000; i++) {
            letter.headers().add("ce_extension" + i, new byte[1_000]);
            letter.headers().add("sluice-x", new byte[1_000]);
        }

        ProducerRecord<byte[], byte[]> reference = DeadLetter.reference(letter, consumed("{}"));

        assertThat(header(reference, "sluice-reason")).isEqualTo("exhausted");
        assertThat(reference.headers().toArray()).hasSizeLessThan(20);
    }

    @Test
    void aTaskWithoutKeyAndValueStaysWithout() {
        ConsumerRecord<byte[], byte[]> task = written(new ProducerRecord<>("tasks", null));
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", task, TASK, failure(new IllegalStateException()));
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
    }

    @Test
    void aSecondDeathReplacesWhatTheFirstSaid() {
        ConsumerRecord<byte[], byte[]> task = consumed("{}", "sluice-reason", "permanent", "sluice-attempts", "1");
        ProducerRecord<byte[], byte[]> letter =
                DeadLetter.of("tasks.dlq", "workers", task, TASK, failure(new IllegalStateException()));
        assertThat(letter.headers().headers("sluice-reason")).hasSize(1);
        assertThat(header(letter, "sluice-reason")).isEqualTo("exhausted");
    }

    @Test
    void aSecondDeathWithoutAnExceptionDoesNotShowTheFirstOnes() {
        Exception first = new IllegalStateException("outer", new java.io.IOException("inner"));
        ConsumerRecord<byte[], byte[]> again =
                written(DeadLetter.of("tasks", "workers", consumed("{}"), TASK, failure(first)));

        ProducerRecord<byte[], byte[]> letter = DeadLetter.of(
                "tasks.dlq", "workers", again, TASK, new Failure("expired", 0, "too late", null, FIRST, LAST));

        assertThat(header(letter, "kafka_dlt-exception-message")).isEqualTo("too late");
        assertThat(letter.headers().toArray())
                .extracting(Header::key)
                .doesNotContain(DeadLetter.STACK_TRACE, "kafka_dlt-exception-fqcn", "kafka_dlt-exception-cause-fqcn");
    }

    private static ByteBuffer number(ProducerRecord<byte[], byte[]> letter, String name, int bytes) {
        byte[] value = letter.headers().lastHeader(name).value();
        assertThat(value).hasSize(bytes);
        assertThat(new String(value, UTF_8)).isNotBlank();
        return ByteBuffer.wrap(value);
    }
}
