package io.sluice.consumer.engine;

import io.sluice.record.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's sender: an actor that takes one record to the broker, or one answer back. Records of one topic keep their
 * order, those of different topics do not.
 */
final class SimSink implements Sink, SimActor {
    /** Of what a topic takes, in bytes of key, value and headers. */
    static final int LARGEST = 4_000;

    private record Sent(ProducerRecord<byte[], byte[]> record, Ack ack, Witness.Post post) {}

    private record Answer(
            Witness.@Nullable Write write,
            Ack ack,
            @Nullable Exception failure) {}

    private final SimWorld world;
    private final SimConsumer consumer;
    private final List<Sent> queue = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();

    SimSink(SimWorld world, SimConsumer consumer) {
        this.world = world;
        this.consumer = consumer;
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> record, Ack ack) {
        queue.add(new Sent(record, ack, new Witness.Post(consumer, world.witness.moment())));
    }

    @Override
    public long readyAt() {
        boolean writes = !queue.isEmpty() && consumer.reachesBroker();
        return writes || !answers.isEmpty() ? 0 : SimTimers.NEVER;
    }

    @Override
    public void step() {
        boolean writes = !queue.isEmpty() && consumer.reachesBroker();
        if (writes && (answers.isEmpty() || world.random.nextBoolean())) {
            write(queue.remove(pick()));
        } else {
            Answer answer = answers.remove(world.random.nextInt(Math.min(3, answers.size())));
            if (answer.failure == null) {
                world.witness.records.acknowledged(answer.write);
            }
            answer.ack.done(answer.failure);
        }
    }

    /** One of the first three, unless another of its topic is before it. */
    private int pick() {
        int chosen = world.random.nextInt(Math.min(3, queue.size()));
        String topic = queue.get(chosen).record.topic();
        for (int i = 0; i < chosen; i++) {
            if (queue.get(i).record.topic().equals(topic)) {
                return i;
            }
        }
        return chosen;
    }

    private void write(Sent sent) {
        Exception failure = null;
        Witness.@Nullable Write write = null;
        if (size(sent.record) > LARGEST) {
            failure = new RecordTooLargeException("larger than " + LARGEST + " bytes");
        } else if (world.mishap(12)) {
            failure = new TimeoutException("write");
        } else {
            write = world.witness.records.written(sent.post, sent.record);
            if (world.mishap(16)) {
                world.trace.say("%s: that write is done, but reported as failed", consumer);
                failure = new TimeoutException("write");
            }
        }
        answers.add(new Answer(write, sent.ack, failure));
    }

    private static int size(ProducerRecord<byte[], byte[]> record) {
        int size =
                (record.key() == null ? 0 : record.key().length) + (record.value() == null ? 0 : record.value().length);
        for (var header : record.headers()) {
            // Its length depends on who calls the simulator.
            boolean counts = header.value() != null && !header.key().equals(DeadLetter.STACK_TRACE);
            size += header.key().length() + (counts ? header.value().length : 0);
        }
        return size;
    }
}
