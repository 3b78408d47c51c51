package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Waiting;
import io.sluice.kafka.KafkaClients;
import io.sluice.producer.ProducerVerticle;
import io.sluice.record.HeaderNames;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A batch of 200,000 tasks in one request, beside a bare KafkaProducer that sends the same records in the same run: which is
 * printed, and asserted is that each task is there once, that its line was answered, and that the heap stays as it was.
 */
@Tag("chaos")
@Timeout(300)
class BatchLoadTest {
    private static final int TASKS = 200_000;
    private static final int ROUNDS = Integer.getInteger("batch.rounds", 3);
    private static final long MEGABYTE = 1 << 20;
    private static final String PAYLOAD = "{\"n\":1%06d,\"text\":\"" + "x".repeat(180) + "\"}";

    private final Vertx vertx = Vertx.vertx();

    @Test
    void aBatchOfAnyLengthCostsLittleMoreThanItsRecordsAndNoMemory() throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            ProducerVerticle producer = new ProducerVerticle(pipeline.settings());
            Waiting.on(vertx.deployVerticle(producer));
            double[] bare = new double[ROUNDS];
            double[] batch = new double[ROUNDS];
            long[] heap = new long[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                bare[round] = bare(pipeline.settings(), tasks("bare" + round));
                batch[round] = batch(producer.actualPort(), request("batch" + round));
                heap[round] = heap();
            }
            for (int round = 0; round < ROUNDS; round++) {
                System.out.printf(
                        "%,d tasks: bare producer %,.0f/s, one batch %,.0f/s, ratio %.2f; heap after it %,d MB%n",
                        TASKS, bare[round], batch[round], batch[round] / bare[round], heap[round]);
            }
            System.out.printf("median ratio %.2f%n", median(batch) / median(bare));
            Set<String> ids = new HashSet<>();
            pipeline.read(pipeline.settings().topic())
                    .forEach(record -> ids.add(HeaderNames.text(record.headers(), HeaderNames.ID)));
            assertThat(ids).hasSize(2 * ROUNDS * TASKS);
            assertThat(heap[ROUNDS - 1] - heap[0]).as("the heap's growth in MB").isLessThan(20);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    private static NewTask task(String run, int n) {
        return NewTask.of(
                run + "-" + n, "fetch", "key" + n % 1_000, PAYLOAD.formatted(n).getBytes(UTF_8));
    }

    private static List<NewTask> tasks(String run) {
        return IntStream.range(0, TASKS).mapToObj(n -> task(run, n)).toList();
    }

    private static byte[] request(String run) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int n = 0; n < TASKS; n++) {
            String payload = PAYLOAD.formatted(n);
            lines.writeBytes("{\"id\":\"%s-%d\",\"type\":\"fetch\",\"key\":\"key%d\",\"payload\":%s}\n"
                    .formatted(run, n, n % 1_000, payload)
                    .getBytes(UTF_8));
        }
        return lines.toByteArray();
    }

    /** Tasks a second, from tasks in memory until all are acknowledged. */
    private static double bare(Settings settings, List<NewTask> tasks) {
        AtomicInteger acknowledged = new AtomicInteger();
        try (KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(settings.kafka(), "bare")) {
            producer.partitionsFor(settings.topic());
            long begin = System.nanoTime();
            for (NewTask task : tasks) {
                ProducerRecord<byte[], byte[]> record = task.toRecord(settings.topic(), "/sluice/producer", null);
                Future<RecordMetadata> unused = producer.send(record, (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.incrementAndGet();
                    }
                });
            }
            producer.flush();
            long end = System.nanoTime();
            assertThat(acknowledged).hasValue(TASKS);
            return TASKS * 1e9 / (end - begin);
        }
    }

    /** Tasks a second, from the request's first byte to the answer's last. */
    private static double batch(int port, byte[] request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), 1 << 16)) {
            long begin = System.nanoTime();
            Thread sender = new Thread(() -> send(socket, request));
            sender.start();
            List<String> refused = new ArrayList<>();
            int answered = 0;
            while (answered < TASKS) {
                String line = in.readLine();
                if (line.startsWith("{\"line\":")) {
                    answered++;
                    if (line.contains("error")) {
                        refused.add(line);
                    }
                }
            }
            long end = System.nanoTime();
            sender.join();
            assertThat(refused).isEmpty();
            return TASKS * 1e9 / (end - begin);
        }
    }

    private static void send(Socket socket, byte[] request) {
        String head = String.join(
                "\r\n",
                "POST /v1/tasks:batch HTTP/1.1",
                "host: localhost",
                "content-type: application/x-ndjson",
                "content-length: " + request.length,
                "",
                "");
        try {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(UTF_8));
            for (int from = 0; from < request.length; from += 1 << 16) {
                out.write(request, from, Math.min(1 << 16, request.length - from));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MEGABYTE;
    }
}
