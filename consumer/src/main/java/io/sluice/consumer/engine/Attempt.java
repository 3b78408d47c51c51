package io.sluice.consumer.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.handler.TaskContext;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.record.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler. It ends when its body has completed and every blocking call it made has returned; only then does
 * its permit go back.
 *
 * <p>Owned by the loop. What a handler may call from its own threads is guarded by the attempt's lock.
 */
public final class Attempt implements TaskContext {
    /** What an event loop can make records of without a pause. */
    private static final int MOST_EMITTED = 10_000;

    /** Hears what an attempt comes to. */
    interface Listener {
        /** Its body has returned, and its work goes on. Loop thread, once at most; never of one that fails at once. */
        void runsOn(Attempt attempt);

        /** Its body has failed while calls of it still run. Loop thread, once at most. */
        void failing(Attempt attempt);

        /** All of its work has ended, and not at once. Loop thread, once at most. */
        void ended(Attempt attempt);
    }

    /** Why an attempt was told to stop. */
    enum Cancel {
        TIMEOUT,
        /** Its body has failed, so that nobody waits for the calls that it left behind. */
        FAILURE,
        /** Its partition goes to another owner, or the consumer shuts down. */
        HANDOVER
    }

    final Task task;
    final Permit permit;
    final long takenNanos;

    /** When its timeout is to be looked at, on the loop's clock. */
    long dueNanos;

    /** What it was cancelled for; null while it was not. Written on the loop, under the lock. */
    @Nullable
    Cancel cancel;

    /** It has ignored its cancellation past the grace: its task went on without it, its permit stays taken. */
    boolean stuck;

    boolean ended;

    /** Declares it stuck; null while it has not been cancelled. */
    Loop.@Nullable Timer grace;

    /** Its neighbours among the deadlines. */
    @Nullable
    Attempt earlier;

    @Nullable
    Attempt later;

    /** Its neighbours among the running attempts. */
    @Nullable
    Attempt before;

    @Nullable
    Attempt behind;

    private final int number;
    private final Loop loop;
    private final Listener listener;
    private final FencedSurroundings fence;

    /** This and the next are made for the first entry: most attempts have none. */
    private List<BlockingCall<?>> calls = List.of();

    private List<NewTask> emitted = List.of();
    private @Nullable Promise<Void> cancelled;
    private boolean closed;
    private volatile boolean started;
    private long startedNanos;

    /** Made for the first that asks: most never do. */
    private volatile @Nullable Instant deadline;

    private @Nullable Future<?> body;
    private Surroundings.Around around = Surroundings.Around.NONE;

    /**
     * An attempt that has yet to start.
     *
     * @param takenNanos when the permit was, on the loop's clock
     * @param fence around what surrounds it
     */
    Attempt(Permit permit, long takenNanos, Loop loop, Listener listener, FencedSurroundings fence) {
        this.task = permit.task;
        this.permit = permit;
        this.number = task.attempts;
        this.loop = loop;
        this.listener = listener;
        this.takenNanos = takenNanos;
        this.fence = fence;
    }

    /**
     * Starts the body and takes whatever comes of it. Loop thread.
     *
     * @return whether all of its work has ended at once, of which its listener does not hear
     */
    boolean start() {
        around = fence.of(this);
        task.trace = fence.trace(around);
        Future<?> future;
        Runnable leave = fence.enter(around);
        try {
            future = task.type().body.start(this);
        } catch (Throwable thrown) {
            future = Future.failedFuture(thrown);
        } finally {
            fence.leave(leave);
        }
        if (future == null) {
            future = Future.failedFuture(new IllegalStateException("the handler returned no future"));
        }
        if (future.isComplete()) {
            body = future;
            if (isOver()) {
                return true;
            }
            failIfBodyHas();
        } else {
            Future<?> pending = future;
            pending.onComplete(done -> loop.run(() -> bodyEnded(pending)));
        }
        if (!ended && cancel == null) {
            listener.runsOn(this);
        }
        return false;
    }

    /** The body runs from here on: its timeout counts. Any thread, once, before the body has ended. */
    public void bodyStarts() {
        startedNanos = loop.nanoTime();
        started = true;
    }

    /** Tells the body to stop. Loop thread. */
    void cancel(Cancel why) {
        if (ended || cancel != null) {
            return;
        }
        List<BlockingCall<?>> open;
        Promise<Void> told;
        synchronized (this) {
            // Together, so that a call made meanwhile on another thread is either in the list or refused.
            cancel = why;
            open = List.copyOf(calls);
            told = cancelled;
        }
        open.forEach(BlockingCall::cancel);
        if (told != null) {
            told.tryComplete();
        }
    }

    /**
     * As {@link TaskType#encoded}. Any thread.
     *
     * @throws Misfit if it cannot be written
     */
    public TaskType.Encoded encoded(@Nullable Object output) {
        return task.type().encoded(output);
    }

    /** The follow-up tasks it has asked for. Loop thread, once it has ended: nothing is added from then on. */
    List<NewTask> emitted() {
        return emitted;
    }

    private void bodyEnded(Future<?> outcome) {
        body = outcome;
        endIfOver();
        if (!ended) {
            failIfBodyHas();
        }
    }

    private void failIfBodyHas() {
        if (failure() != null) {
            listener.failing(this);
        }
    }

    /** What the body has come to. Loop thread, once it has ended. */
    Future<?> outcome() {
        if (body == null) {
            throw new IllegalStateException("its body has not ended yet");
        }
        return body;
    }

    /** What the body has failed with; null if it has not. */
    @Nullable
    Throwable failure() {
        return body == null ? null : body.cause();
    }

    private void endIfOver() {
        if (isOver()) {
            listener.ended(this);
        }
    }

    /** Whether all of its work has ended by now, and had not when that was asked before. */
    private boolean isOver() {
        synchronized (this) {
            if (body == null || !calls.isEmpty() || closed) {
                return false;
            }
            closed = true;
        }
        ended = true;
        return true;
    }

    /** Counts what it has come to, and tells what surrounds it. Loop thread, once. */
    void tell(Surroundings.Outcome outcome, @Nullable Throwable failure) {
        task.type().counters.ended(outcome, cancel);
        fence.ended(around, outcome, failure);
    }

    /** The record that it runs: the task itself, or a copy of it. */
    public ConsumerRecord<byte[], byte[]> record() {
        return task.record;
    }

    /** The task's payload as it stands in the record; null if there is none. */
    public byte @Nullable [] payload() {
        return task.envelope().data();
    }

    @Override
    public String id() {
        return task.id();
    }

    @Override
    public String type() {
        return task.envelope().type();
    }

    @Override
    public @Nullable String key() {
        byte[] key = task.record.key();
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public int attempt() {
        return number;
    }

    @Override
    public Instant deadline() {
        Instant known = deadline;
        if (known == null) {
            boolean isFinal = started;
            known = loop.now().plusNanos(deadlineNanos() - loop.nanoTime());
            if (isFinal) {
                deadline = known;
            }
        }
        return known;
    }

    /** When the timeout strikes, on the loop's clock: no sooner, if the body has yet to start. Any thread. */
    long deadlineNanos() {
        return (started ? startedNanos : loop.nanoTime()) + timeout().toNanos();
    }

    Duration timeout() {
        return task.type().settings.timeout();
    }

    @Override
    public Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        for (Header header : task.record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return Map.copyOf(headers);
    }

    @Override
    public Map<String, String> traceHeaders() {
        TraceContext own = fence.trace(around);
        TraceContext trace = own == null ? TraceContext.of(task.record.headers()) : own;
        return trace == null ? Map.of() : trace.toHeaders();
    }

    @Override
    public synchronized Future<Void> cancelled() {
        if (cancelled == null) {
            cancelled = Promise.promise();
            if (cancel != null) {
                cancelled.complete();
            }
        }
        return cancelled.future();
    }

    @Override
    public <T> Future<T> blocking(Callable<T> code) {
        return call(code, () -> {}, this::callEnded);
    }

    /** As {@link #blocking}, for a body that is nothing but this call: the timeout counts from when it runs. */
    public <T> Future<T> blockingBody(Callable<T> code) {
        // It ends where its body does, so nobody need look for that.
        return call(code, this::bodyStarts, this::remove);
    }

    private <T> Future<T> call(Callable<T> code, Runnable onStart, Consumer<BlockingCall<?>> onEnd) {
        Runnable begin = () -> {
            mustBeOwned();
            onStart.run();
        };
        BlockingCall<T> call = new BlockingCall<>(fence.wrap(around, code), loop::execute, begin, onEnd);
        synchronized (this) {
            if (closed) {
                return Future.failedFuture(new IllegalStateException("the attempt is over"));
            }
            if (cancel != null) {
                return Future.failedFuture(new CancellationException("the attempt was cancelled"));
            }
            if (calls.isEmpty()) {
                calls = new ArrayList<>(2);
            }
            calls.add(call);
        }
        try {
            task.type().workers.execute(call);
        } catch (RuntimeException | Error noThread) {
            // Pools that are shut down say so in different ways, and a system may have no more threads.
            call.cancel(noThread);
        }
        return call.future();
    }

    /** A call that waited for its thread may find that another owner has the task by now. Worker thread. */
    private void mustBeOwned() {
        if (task.partition.isGone()) {
            throw new CancellationException("its partition has gone");
        }
    }

    private synchronized void remove(BlockingCall<?> call) {
        calls.remove(call);
    }

    private void callEnded(BlockingCall<?> call) {
        remove(call);
        // Behind the handler's own reaction to the call, which may well be the next call.
        loop.execute(this::endIfOver);
    }

    @Override
    public void emit(String type, @Nullable String key, Object payload) {
        byte[] json;
        try {
            json = Json.mapper().writeValueAsBytes(payload);
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException(
                    "the payload of the emitted task cannot be written as JSON: " + Json.explain(fault), fault);
        }
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the attempt is over: it can emit nothing any more");
            }
            if (emitted.size() == MOST_EMITTED) {
                throw new IllegalArgumentException("an attempt may emit at most " + MOST_EMITTED + " tasks");
            }
            if (emitted.isEmpty()) {
                emitted = new ArrayList<>();
            }
            emitted.add(NewTask.of(EmittedId.of(id(), type, key, json), type, key, json));
        }
    }
}
