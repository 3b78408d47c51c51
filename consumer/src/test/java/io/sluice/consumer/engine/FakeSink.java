package io.sluice.consumer.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A sink that acknowledges when it is told to, or at once, and refuses what it is told to refuse. */
final class FakeSink implements Sink {
    private record Sent(ProducerRecord<byte[], byte[]> record, Ack ack) {}

    private final Deque<Sent> open = new ArrayDeque<>();
    private final List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
    private Function<ProducerRecord<byte[], byte[]>, @Nullable Exception> refusal = record -> null;
    private boolean holding;
    private int sends;

    /** Acknowledges nothing by itself from here on. */
    FakeSink hold() {
        holding = true;
        return this;
    }

    /** Acknowledges what it holds and, from here on, everything at once. */
    void letGo() {
        holding = false;
        while (!open.isEmpty()) {
            acknowledge();
        }
    }

    /** @param refusal why it does not take a record; null if it does */
    void refuse(Function<ProducerRecord<byte[], byte[]>, @Nullable Exception> refusal) {
        this.refusal = refusal;
    }

    void refuseNothing() {
        refusal = record -> null;
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, Ack ack) {
        sends++;
        open.add(new Sent(record, ack));
        if (!holding) {
            acknowledge();
        }
    }

    /** Answers the oldest record that is still without an answer. */
    void acknowledge() {
        Sent sent = open.remove();
        Exception failure = refusal.apply(sent.record);
        if (failure == null) {
            written.add(sent.record);
        }
        sent.ack.done(failure);
    }

    /** Records without an answer yet. */
    List<ProducerRecord<byte[], byte[]>> open() {
        return open.stream().map(Sent::record).toList();
    }

    /** Records that are safe, in the order of their acknowledgements. */
    List<ProducerRecord<byte[], byte[]>> written() {
        return List.copyOf(written);
    }

    List<ProducerRecord<byte[], byte[]>> written(String topic) {
        return written.stream().filter(record -> record.topic().equals(topic)).toList();
    }

    /** How often it was handed a record. */
    int sends() {
        return sends;
    }
}
