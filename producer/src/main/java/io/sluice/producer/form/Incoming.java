package io.sluice.producer.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.record.NewTask;
import io.sluice.record.TraceContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A task as somebody sent it.
 *
 * @param source who says to have made it; null if nobody does
 * @param others the attributes of its CloudEvent that Sluice has no use for, and that travel with it
 */
public record Incoming(NewTask task, @Nullable String source, Map<String, String> others) {
    public static Incoming of(NewTask task) {
        return new Incoming(task, null, Map.of());
    }

    /**
     * The record of the task.
     *
     * @param sender the source of a task that names none
     * @param trace the W3C trace context that it continues, or null
     */
    public ProducerRecord<byte[], byte[]> toRecord(String topic, String sender, @Nullable TraceContext trace) {
        ProducerRecord<byte[], byte[]> record = task.toRecord(topic, source == null ? sender : source, trace);
        Headers headers = record.headers();
        others.forEach((name, value) -> headers.add("ce_" + name, value.getBytes(UTF_8)));
        return record;
    }

    /** Of all that it says: two of the same id and mark are the same task, as far as two checksums of 32 bits can tell. */
    public long mark() {
        return ((long) sum(new CRC32C()) << 32) | (sum(new CRC32()) & 0xFFFF_FFFFL);
    }

    private int sum(Checksum sum) {
        String said = task.type()
                + '\n'
                + task.key()
                + '\n'
                + task.notBefore()
                + '\n'
                + task.expiry()
                + '\n'
                + source
                + '\n'
                + (others.isEmpty() ? "" : new TreeMap<>(others));
        sum.update(said.getBytes(UTF_8));
        sum.update(task.payload());
        return (int) sum.getValue();
    }
}
