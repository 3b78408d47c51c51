package io.sluice.producer.client;

import io.sluice.kafka.KafkaClients;
import io.sluice.record.TaskResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the results topic, from where it ends when {@link #start}'s future completes, or from a time before that: the
 * result of a task that is submitted after that is never missed. It may come twice, as results may.
 *
 * <p>Reads on a thread of its own, outside any group, and hands results over on the caller's context: one batch at a
 * time, the next only after the last was taken, so that a slow taker bounds the memory. Broker errors are retried for as
 * long as it takes. Partitions that are added later are found within ten seconds and read from their beginning.
 */
public final class ResultWatch implements ResultFeed {
    private static final Logger log = LoggerFactory.getLogger(ResultWatch.class);
    private static final AtomicInteger INSTANCES = new AtomicInteger();
    private static final long CURRENT_NANOS = Duration.ofSeconds(3).toNanos();
    private static final String METADATA_MAX_AGE = "metadata.max.age.ms";

    private final Context context;
    private final Consumer<List<TaskResult>> onResults;
    private final Promise<Void> started = Promise.promise();
    private final Promise<Void> caughtUp = Promise.promise();
    private volatile long caughtUpNanos;
    private volatile @Nullable Instant lostAt;
    private final ResultReader reader;
    private final Thread thread;

    private ResultWatch(
            Context context,
            String name,
            String topic,
            @Nullable Instant from,
            Supplier<? extends org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            Consumer<List<TaskResult>> onResults) {
        this.context = context;
        this.onResults = onResults;
        this.reader = new ResultReader(topic, from, consumers, new OnContext());
        this.thread = new Thread(reader, name);
        thread.setDaemon(true);
    }

    /**
     * Starts to follow a topic, and waits until it does.
     *
     * @return completes when every partition's position is known. Fails with one line if the topic does not exist or no
     *     broker answers within Kafka's {@code default.api.timeout.ms}; then no thread is left
     * @see #begin
     */
    public static Future<ResultWatch> start(
            Context context,
            Map<String, String> kafka,
            String topic,
            @Nullable Instant from,
            Consumer<List<TaskResult>> onResults) {
        return started(begin(context, kafka, topic, from, onResults));
    }

    static Future<ResultWatch> start(
            Context context,
            String name,
            String topic,
            @Nullable Instant from,
            Supplier<? extends org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> consumers,
            Consumer<List<TaskResult>> onResults) {
        return started(begin(new ResultWatch(context, name, topic, from, consumers, onResults)));
    }

    private static Future<ResultWatch> started(ResultWatch watch) {
        return watch.started()
                .map(watch)
                .recover(failure -> watch.close().transform(closed -> Future.failedFuture(failure)));
    }

    /**
     * Starts to follow a topic. To be closed also if it cannot start.
     *
     * @param context where results are handed over and futures complete
     * @param kafka the properties of the client
     * @param from the results of this time and later are handed over, too: the time that their records bear, which is that
     *     of the consumer's clock; null for none of those that are there
     * @param onResults takes them
     */
    public static ResultWatch begin(
            Context context,
            Map<String, String> kafka,
            String topic,
            @Nullable Instant from,
            Consumer<List<TaskResult>> onResults) {
        String name = name();
        Map<String, String> properties = new HashMap<>(kafka);
        properties.putIfAbsent(METADATA_MAX_AGE, "10000");
        return begin(
                new ResultWatch(context, name, topic, from, () -> KafkaClients.reader(properties, name), onResults));
    }

    private static ResultWatch begin(ResultWatch watch) {
        watch.thread.start();
        return watch;
    }

    private static String name() {
        return "sluice-results-" + INSTANCES.incrementAndGet();
    }

    @Override
    public Future<Void> started() {
        return started.future();
    }

    @Override
    public Future<Void> caughtUp() {
        return caughtUp.future();
    }

    @Override
    public boolean isCurrent() {
        return caughtUp.future().isComplete() && System.nanoTime() - caughtUpNanos < CURRENT_NANOS;
    }

    @Override
    public @Nullable Instant lostAt() {
        return lostAt;
    }

    /** How many records of the topic were no task's result. From any thread. */
    public long skipped() {
        return reader.skipped();
    }

    @Override
    public Future<Void> close() {
        reader.stop();
        return context.owner()
                .executeBlocking(
                        () -> {
                            thread.join();
                            return null;
                        },
                        false);
    }

    /** Takes what the reader says from its thread to the context. */
    private final class OnContext implements ResultReader.Listener {
        @Override
        public void started() {
            run(started::complete);
        }

        @Override
        public void caughtUp(long asOfNanos) {
            run(() -> {
                caughtUpNanos = asOfNanos;
                caughtUp.tryComplete();
            });
        }

        @Override
        public void lost() {
            lostAt = Instant.now();
        }

        @Override
        public void failed(Exception cause) {
            run(() -> started.tryFail(cause));
        }

        @Override
        public void results(List<TaskResult> results, Runnable taken) {
            run(() -> {
                try {
                    if (reader.running()) {
                        onResults.accept(results);
                    }
                } catch (RuntimeException e) {
                    log.error("Whoever watches the results failed to take them", e);
                } finally {
                    taken.run();
                }
            });
        }

        private void run(Runnable task) {
            try {
                context.runOnContext(nothing -> task.run());
            } catch (RejectedExecutionException e) {
                log.debug("Vert.x is closed, so nobody hears of results any more");
                reader.stop();
            }
        }
    }
}
