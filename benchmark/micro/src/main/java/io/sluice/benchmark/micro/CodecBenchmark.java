package io.sluice.benchmark.micro;

import io.sluice.record.Envelope;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.record.TraceContext;
import io.sluice.record.Undecodable;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A record's way into an envelope, and a result's way into a record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CodecBenchmark {
    private static final byte[] PAYLOAD =
            ("{\"n\":1,\"pad\":\"" + "x".repeat(184) + "\"}").getBytes(StandardCharsets.UTF_8);

    private final ConsumerRecord<byte[], byte[]> binary =
            record(NewTask.of("0e9c0f1c-8a3f-4b6c-9f0e-1d2c3b4a5968", "work", "key-1", PAYLOAD)
                    .toRecord("tasks", "/somewhere", null)
                    .headers());
    private final ConsumerRecord<byte[], byte[]> bare = record(new RecordHeaders());
    private final Envelope envelope = new Envelope("0e9c0f1c-8a3f-4b6c-9f0e-1d2c3b4a5968", "work", null, null, PAYLOAD);

    private static ConsumerRecord<byte[], byte[]> record(Headers headers) {
        return new ConsumerRecord<>(
                "tasks",
                3,
                1_234_567,
                1_780_000_000_000L,
                TimestampType.CREATE_TIME,
                5,
                PAYLOAD.length,
                "key-1".getBytes(StandardCharsets.UTF_8),
                PAYLOAD,
                headers,
                Optional.of(7));
    }

    /** A CloudEvent in binary mode, as {@code NewTask} writes it. */
    @Benchmark
    public Envelope readBinary() throws Undecodable {
        return Envelope.read(binary, "work");
    }

    /** A value without headers. */
    @Benchmark
    public Envelope readBare() throws Undecodable {
        return Envelope.read(bare, "work");
    }

    @Benchmark
    public ProducerRecord<byte[], byte[]> writeResult() {
        return TaskResult.succeeded("tasks.results", binary, envelope, 1, PAYLOAD, TraceContext.of(binary.headers()));
    }
}
