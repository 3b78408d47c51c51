package io.sluice.producer.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.record.HeaderNames;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A producer that keeps what it is given, and acknowledges at once or when the test says so. */
public final class Broker extends MockProducer<byte[], byte[]> {
    private Broker(boolean acknowledges) {
        super(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public static Broker thatAcknowledges() {
        return new Broker(true);
    }

    public static Broker thatIsSilent() {
        return new Broker(false);
    }

    public List<String> ids() {
        return history().stream()
                .map(record -> String.valueOf(header(record, HeaderNames.ID)))
                .toList();
    }

    public static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
        return HeaderNames.text(record.headers(), name);
    }

    public static String value(ProducerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    public static @Nullable String key(ProducerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        return key == null ? null : new String(key, UTF_8);
    }
}
