package io.sluice.kafka;

import io.sluice.management.Check;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a broker answers, and can take records for a topic: asked every three seconds, on a thread of its own that begins
 * with the first {@link #check}, so that it costs nothing where nobody cares. {@link #check} may be called from any thread.
 */
public final class BrokerWatch {
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** An answer is good for so long: one look may get none, as while a connection is made anew. */
    private static final Duration LATELY = Duration.ofSeconds(10);

    /** @param fault what the answer says of the topic, or null if all is well */
    private record Answer(long nanos, @Nullable String fault) {}

    private final String topic;
    private final Supplier<Admin> admins;
    private final Thread thread;
    private final Promise<Void> looked = Promise.promise();
    private final long begunNanos = System.nanoTime();
    private volatile @Nullable Answer last;
    private volatile String silence = "none was asked yet";
    private volatile boolean closed;
    private boolean started;

    /** @param name of the thread and of its Kafka client */
    public BrokerWatch(String name, Map<String, String> kafka, String topic) {
        this.topic = topic;
        this.admins = () -> KafkaClients.admin(kafka, name);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** How it is; the first answer takes a moment. */
    public Future<Check> check() {
        start();
        return looked.future().map(known -> now());
    }

    private synchronized void start() {
        if (!started && !closed) {
            started = true;
            thread.start();
        }
    }

    private Check now() {
        Answer answer = last;
        long nanos = System.nanoTime();
        if (answer == null || nanos - answer.nanos > LATELY.toNanos()) {
            long since = nanos - (answer == null ? begunNanos : answer.nanos);
            return new Check("broker", false, "no answer for " + seconds(since) + ": " + silence);
        }
        String fault = answer.fault;
        return new Check(
                "broker",
                fault == null,
                fault == null ? "it answered " + seconds(nanos - answer.nanos) + " ago" : fault);
    }

    private static String seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos) + " s";
    }

    private void run() {
        Admin admin = null;
        try {
            while (!closed) {
                try {
                    admin = admin == null ? admins.get() : admin;
                    last = new Answer(System.nanoTime(), look(admin));
                } catch (ExecutionException e) {
                    silence = reason(e.getCause() == null ? e : e.getCause());
                } catch (TimeoutException | KafkaException e) {
                    silence = reason(e);
                }
                looked.tryComplete();
                LockSupport.parkNanos(EVERY.toNanos());
            }
        } catch (InterruptedException e) {
            closed = true;
        } finally {
            if (admin != null) {
                // With the flag set, the client would not wait for its own thread.
                boolean unused = Thread.interrupted();
                admin.close(Duration.ZERO);
            }
            looked.tryFail("it is closed");
        }
    }

    /** What is wrong with the topic; null if nothing is. */
    private @Nullable String look(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis());
        try {
            Map<String, TopicDescription> found = admin.describeTopics(List.of(topic), options)
                    .allTopicNames()
                    .get(PATIENCE.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
            return found.values().stream()
                    .flatMap(described -> described.partitions().stream())
                    .filter(partition -> partition.leader() == null)
                    .map(TopicPartitionInfo::partition)
                    .findFirst()
                    .map(partition -> "partition " + partition + " of " + topic + " has no leader")
                    .orElse(null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return "it has no topic " + topic;
            }
            throw e;
        }
    }

    /** What the client says of its own properties may quote them. */
    private static String reason(Throwable failure) {
        return failure instanceof ApiException && failure.getMessage() != null
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    /** Completes when its thread has ended. */
    public Future<Void> close(Vertx vertx) {
        synchronized (this) {
            closed = true;
            if (!started) {
                return Future.succeededFuture();
            }
        }
        thread.interrupt();
        return vertx.executeBlocking(
                () -> {
                    thread.join();
                    return null;
                },
                false);
    }
}
