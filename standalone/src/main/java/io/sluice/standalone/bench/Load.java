package io.sluice.standalone.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Witness;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes tasks. Main thread, blocks. */
final class Load implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int bytes;
    private final byte[][] keys;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    /** The keys are spread evenly over the partitions, so that no consumer has less to do than another. */
    Load(Setup setup, String topic, Plan.Form form) {
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        setup.bootstrap(),
                        // What is paced goes out at once: how long it would wait for others is not the consumer's.
                        "linger.ms",
                        "0",
                        "batch.size",
                        "131072"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.topic = topic;
        this.bytes = form.bytes();
        this.keys = IntStream.range(0, form.keys())
                .mapToObj(n -> key(n, setup.partitions()))
                .toArray(byte[][]::new);
    }

    /** A key of the partition whose number is n modulo that of the partitions. */
    private static byte[] key(int n, int partitions) {
        return IntStream.iterate(0, salt -> salt + 1)
                .mapToObj(salt -> ("key-" + n + "-" + salt).getBytes(UTF_8))
                .filter(key -> BuiltInPartitioner.partitionForKey(key, partitions) == n % partitions)
                .findFirst()
                .orElseThrow();
    }

    /** Writes these tasks as fast as they go; returns when all are acknowledged. */
    void write(int from, int to) {
        for (int task = from; task < to; task++) {
            send(task, keys[task % keys.length]);
        }
        await();
    }

    /** The same, of one key that is no other task's. */
    void flood(int from, int to) {
        byte[] key = key(keys.length, 1);
        for (int task = from; task < to; task++) {
            send(task, key);
        }
        await();
    }

    /**
     * Writes these tasks at a rate, whoever keeps up with it or not; returns when all are acknowledged.
     *
     * @return when the first one was due, as the witness says the time; each further one is a rate's part of a second later
     */
    long pace(int from, int to, int rate, Witness witness) {
        long begin = witness.now();
        for (int task = from; task < to; task++) {
            long due = due(begin, task - from, rate);
            for (long left = due - witness.now(); left > 0; left = due - witness.now()) {
                LockSupport.parkNanos(left);
            }
            send(task, keys[task % keys.length]);
        }
        await();
        return begin;
    }

    /** When the n-th of them is due. */
    static long due(long begin, int n, int rate) {
        return begin + n * 1_000_000_000L / rate;
    }

    private void send(int task, byte[] key) {
        Future<RecordMetadata> unused =
                producer.send(new ProducerRecord<>(topic, key, Body.of(task, bytes)), (place, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    }
                });
    }

    private void await() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the broker did not take the tasks: " + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
