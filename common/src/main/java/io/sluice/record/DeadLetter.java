package io.sluice.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The original record, byte for byte, and headers that say why it is here: Sluice's own, and those of Spring Kafka in
 * Spring's encoding (numbers as big-endian bytes), so that tools which read its dead letters read these too. Source of
 * the names: {@code org.springframework.kafka.support.KafkaHeaders}.
 */
public final class DeadLetter {
    /** The header to go first when a dead letter is too large for its topic. */
    public static final String STACK_TRACE = "kafka_dlt-exception-stacktrace";

    private static final String EXCEPTION = "kafka_dlt-exception-fqcn";
    private static final String CAUSE = "kafka_dlt-exception-cause-fqcn";

    /** A stack trace is cut after this many characters: it explains, it is not an archive. */
    private static final int STACK_TRACE_LIMIT = 8_192;

    private static final int REFERENCE_PART_LIMIT = 1_024;

    private DeadLetter() {}

    /**
     * The dead letter of a task. That of a copy says where the first original is, and how often it was sent again.
     *
     * @param group the consumer group that gave it up
     */
    public static ProducerRecord<byte[], byte[]> of(
            String topic, String group, ConsumerRecord<byte[], byte[]> task, Envelope envelope, Failure failure) {
        Headers headers = new RecordHeaders(task.headers().toArray());
        Origin origin = envelope.trip().originOf(task);
        Copy.write(headers, origin);
        HeaderNames.put(headers, HeaderNames.TASK_ID, envelope.id(task));
        HeaderNames.put(headers, HeaderNames.REASON, failure.reason());
        HeaderNames.put(headers, HeaderNames.ATTEMPTS, Integer.toString(failure.attempts()));
        HeaderNames.put(headers, HeaderNames.FIRST_FAILURE, failure.first().toString());
        HeaderNames.put(headers, HeaderNames.LAST_FAILURE, failure.last().toString());
        if (envelope.trip().redrives() > 0) {
            HeaderNames.put(
                    headers,
                    HeaderNames.REDRIVES,
                    Integer.toString(envelope.trip().redrives()));
        }
        springHeaders(headers, group, origin, failure);
        if (!envelope.trip().isCopy()) {
            // A copy has a timestamp of its own, whose type says nothing of the original's.
            HeaderNames.put(
                    headers,
                    "kafka_dlt-original-timestamp-type",
                    task.timestampType().toString());
        }
        return new ProducerRecord<>(topic, null, null, task.key(), task.value(), headers);
    }

    /** The same record without the stack trace, if it has one. */
    public static ProducerRecord<byte[], byte[]> withoutStackTrace(ProducerRecord<byte[], byte[]> record) {
        Headers headers = new RecordHeaders(record.headers().toArray());
        headers.remove(STACK_TRACE);
        return new ProducerRecord<>(record.topic(), null, null, record.key(), record.value(), headers);
    }

    /**
     * What stands for a record that is too large for its topic: the headers that Sluice knows and the key, none longer
     * than 1,024 bytes, and as its value where the task is and what it hashes to:
     * {@code {"reference":{"topic":…,"partition":…,"offset":…,"sha256":…}}}.
     */
    public static ProducerRecord<byte[], byte[]> reference(
            ProducerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> task) {
        Headers headers = new RecordHeaders();
        for (String name : HeaderNames.OWN) {
            @Nullable Header header = record.headers().lastHeader(name);
            if (header != null && header.value() != null && header.value().length <= REFERENCE_PART_LIMIT) {
                headers.add(header);
            }
        }
        ObjectNode value = Json.mapper().createObjectNode();
        value.putObject("reference")
                .put("topic", task.topic())
                .put("partition", task.partition())
                .put("offset", task.offset())
                .put("sha256", sha256(task.value() == null ? new byte[0] : task.value()));
        byte[] key = record.key() == null || record.key().length > REFERENCE_PART_LIMIT ? null : record.key();
        return new ProducerRecord<>(
                record.topic(), null, null, key, value.toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static void springHeaders(Headers headers, String group, Origin origin, Failure failure) {
        HeaderNames.put(headers, "kafka_dlt-original-topic", origin.topic());
        put(headers, "kafka_dlt-original-partition", new byte[4], b -> b.putInt(origin.partition()));
        put(headers, "kafka_dlt-original-offset", new byte[8], b -> b.putLong(origin.offset()));
        if (origin.timestamp() >= 0) {
            put(headers, "kafka_dlt-original-timestamp", new byte[8], b -> b.putLong(origin.timestamp()));
        }
        HeaderNames.put(headers, "kafka_dlt-original-consumer-group", group);
        HeaderNames.put(headers, "kafka_dlt-exception-message", failure.message());
        // What an earlier death left would say that this one threw it.
        headers.remove(EXCEPTION);
        headers.remove(CAUSE);
        headers.remove(STACK_TRACE);
        Throwable cause = failure.cause();
        if (cause != null) {
            HeaderNames.put(headers, EXCEPTION, cause.getClass().getName());
            if (cause.getCause() != null) {
                HeaderNames.put(headers, CAUSE, cause.getCause().getClass().getName());
            }
            HeaderNames.put(headers, STACK_TRACE, stackTrace(cause));
        }
    }

    private static void put(Headers headers, String name, byte[] number, Consumer<ByteBuffer> writer) {
        writer.accept(ByteBuffer.wrap(number));
        headers.remove(name);
        headers.add(name, number);
    }

    /** Printing stops at the limit: a long chain of causes, or ten thousand suppressed ones, would take seconds. */
    private static String stackTrace(Throwable cause) {
        StringBuilder text = new StringBuilder();
        try {
            cause.printStackTrace(new PrintWriter(new Writer() {
                @Override
                public void write(char[] from, int start, int length) {
                    text.append(from, start, length);
                    if (text.length() > STACK_TRACE_LIMIT) {
                        throw new LongEnough();
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            }));
        } catch (LongEnough cut) {
            text.setLength(STACK_TRACE_LIMIT);
        }
        return text.toString();
    }

    private static final class LongEnough extends RuntimeException {
        LongEnough() {
            super(null, null, false, false);
        }
    }
}
