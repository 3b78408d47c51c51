package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KafkaConsumer} in a loop, as the manual offset control of its Javadoc has it, with {@code commitAsync}: the ceiling of whatever
 * consumes. For bodies that do nothing only. With results, each record's is written before the offset behind it is committed.
 *
 * <p>Commits every {@link Job#commitInterval}; with the flag {@value #EVERY_POLL}, on every poll that brought something.
 */
final class BareLoop {
    /** A system property. */
    static final String EVERY_POLL = "commit-on-every-poll";

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final @Nullable BareResults results;
    private final Witness witness;
    private final long commitNanos;
    private long committed = System.nanoTime();
    private boolean hasNews;

    private BareLoop(Job job, Witness witness) {
        this.consumer = new KafkaConsumer<>(Map.copyOf(ConsumerConfigs.of(job)));
        this.results = job.results() ? new BareResults(job.feed()) : null;
        this.witness = witness;
        this.commitNanos =
                Boolean.getBoolean(EVERY_POLL) ? 0 : job.commitInterval().toNanos();
        consumer.subscribe(List.of(job.feed().topic()));
    }

    public static void main(String[] arguments) {
        Subject.run(arguments, BareLoop::start);
    }

    private static AutoCloseable start(Job job, Witness witness) {
        if (job.kind() != Job.Kind.NOOP) {
            throw new IllegalArgumentException("a bare loop runs nothing that takes time");
        }
        BareLoop loop = new BareLoop(job, witness);
        return PollThread.start(loop::poll, loop::close);
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            int task = Body.task(record.value());
            witness.started(task);
            witness.ended(task);
            if (results != null) {
                results.write(record);
            }
            hasNews = true;
        }
        long now = System.nanoTime();
        if (hasNews && now - committed >= commitNanos) {
            awaitResults();
            consumer.commitAsync();
            committed = now;
            hasNews = false;
        }
    }

    private void awaitResults() {
        if (results != null) {
            results.await();
        }
    }

    private void close() {
        awaitResults();
        consumer.commitSync();
        consumer.close();
        if (results != null) {
            results.close();
        }
    }
}
