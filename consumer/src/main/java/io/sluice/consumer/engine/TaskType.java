package io.sluice.consumer.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.record.Json;
import io.sluice.settings.Results;
import io.sluice.settings.TypeSettings;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One type of task on this consumer: how it runs, what it may use, and what it has done. Loop thread only. */
public final class TaskType {
    /** Starts an attempt's body on the loop. */
    @FunctionalInterface
    public interface Body {
        /**
         * @return what the body ends with: the output, or {@link Encoded} output
         * @throws RuntimeException an attempt that failed at once
         */
        Future<?> start(Attempt attempt);
    }

    /** An output that is JSON already, since it was written off the loop. */
    public record Encoded(byte[] json) {
        static final Encoded NOTHING = new Encoded(new byte[0]);
        private static final Encoded NULL = new Encoded("null".getBytes(StandardCharsets.UTF_8));

        /**
         * What Jackson makes of an output; of one that is encoded already, itself. Any thread.
         *
         * @throws Misfit if it cannot be written
         */
        public static Encoded of(@Nullable Object output) {
            if (output instanceof Encoded encoded) {
                return encoded;
            }
            if (output == null) {
                return NULL;
            }
            try {
                return new Encoded(Json.mapper().writeValueAsBytes(output));
            } catch (JsonProcessingException fault) {
                throw new Misfit("result", "the result cannot be written as JSON: " + Json.explain(fault), fault);
            } catch (RuntimeException | Error thrown) {
                // A getter's own, of which Jackson lets errors pass.
                throw new Misfit("result", "the result cannot be written as JSON: it threw an exception", thrown);
            }
        }
    }

    final String name;
    final TypeSettings settings;
    final RetryPolicy retry;
    final Body body;
    final Executor workers;
    final Surroundings surroundings;
    final TypeCounters counters = new TypeCounters();

    /** The lanes of this type that could start a task at once. */
    final Deque<Lane> ready = new ArrayDeque<>();

    /** Since when there has always been such a lane; means nothing while there is none. */
    long readySinceNanos;

    int inFlight;

    /** When those of its attempts that run have to end; null before the first. */
    @Nullable
    Deadlines deadlines;

    /** None of its tasks starts. */
    boolean paused;

    /** What its tasks hold of each partition. */
    final Map<OwnedPartition, Share> shares = new HashMap<>();

    /** The one that was asked for last: tasks come in lots of one partition. */
    private @Nullable OwnedPartition sharing;

    private Share share = new Share();

    /** @param workers where its blocking calls run */
    public TaskType(String name, TypeSettings settings, RetryPolicy retry, Body body, Executor workers) {
        this(name, settings, retry, body, workers, Surroundings.NONE);
    }

    /**
     * A type.
     *
     * @param workers where its blocking calls run
     * @param surroundings of its attempts
     */
    public TaskType(
            String name,
            TypeSettings settings,
            RetryPolicy retry,
            Body body,
            Executor workers,
            Surroundings surroundings) {
        this.name = name;
        this.settings = settings;
        this.retry = retry;
        this.body = body;
        this.workers = workers;
        this.surroundings = surroundings;
    }

    /** What its tasks hold of that partition. */
    Share share(OwnedPartition partition) {
        if (partition != sharing) {
            share = shares.computeIfAbsent(partition, added -> new Share());
            sharing = partition;
        }
        return share;
    }

    /** These partitions are not owned any more. */
    void forget(Collection<OwnedPartition> partitions) {
        partitions.forEach(shares::remove);
        sharing = null;
    }

    /** Whether for so long it has always had tasks that lacked nothing but a permit of its own or the consumer's. */
    boolean lacksPermitsFor(long nanos, long now) {
        return !ready.isEmpty() && now - readySinceNanos > nanos;
    }

    /**
     * What is kept of an output: nothing if nobody is told of it. Any thread.
     *
     * @throws Misfit if it cannot be written
     */
    public Encoded encoded(@Nullable Object output) {
        return settings.answers().results() == Results.ALL ? Encoded.of(output) : Encoded.NOTHING;
    }

    boolean hasRoom() {
        return !paused && inFlight < settings.maxInFlight();
    }
}
