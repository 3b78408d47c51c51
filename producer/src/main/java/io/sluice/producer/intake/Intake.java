package io.sluice.producer.intake;

import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.client.Waiters;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Incoming;
import io.sluice.producer.form.TaskForm;
import io.sluice.producer.metrics.Outcomes;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.producer.metrics.Source;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The one way in: a task is checked, written and remembered, and whoever waits for its result hears of it. One event loop
 * owns it.
 */
public final class Intake {
    private final Settings settings;
    private final Tasks tasks;
    private final Schemas schemas;
    private final TaskIndex index;
    private final Waiters waiters;
    private final Follower follower;
    private final ProducerMetrics metrics;
    private final Instant resultsFrom;

    /** Follows the results from the beginning of the index' window on. */
    public Intake(
            Context context,
            Settings settings,
            Tasks tasks,
            Schemas schemas,
            Results results,
            ProducerMetrics metrics) {
        this.metrics = metrics;
        this.settings = settings;
        this.tasks = tasks;
        this.schemas = schemas;
        this.index = new TaskIndex(settings.producer().index(), Clock.systemUTC());
        this.waiters = new Waiters(context);
        this.resultsFrom = Instant.now().minus(settings.producer().index().window());
        this.follower = new Follower(context, results, this::settled, () -> index.readSince(resultsFrom));
        follower.start(resultsFrom);
    }

    private void settled(List<TaskResult> results) {
        for (TaskResult result : results) {
            index.settled(result);
            waiters.settle(result);
        }
    }

    /** A random id. */
    public static String newId() {
        return UUID.randomUUID().toString();
    }

    /**
     * Reads a task.
     *
     * @param text as {@link TaskForm} reads it
     * @param ids makes the id of a task that has none
     */
    public NewTask read(byte[] text, Supplier<String> ids) throws BadTask {
        NewTask task = TaskForm.read(text, settings.defaultType(), ids);
        schemas.check(task);
        return task;
    }

    /** Checks a task that was read elsewhere. */
    public Incoming checked(Incoming task) throws BadTask {
        schemas.check(task.task());
        return task;
    }

    /**
     * Writes a task.
     *
     * @param once whether it is not written again if the same came in before: then its receipt is that one's
     * @return fails as that of {@link Tasks#submit(NewTask)}, or with {@link IdReused}
     */
    public Future<Receipt> take(Incoming task, ProducerRecord<byte[], byte[]> record, boolean once) {
        Future<Receipt> earlier = once ? earlier(task) : null;
        return earlier != null
                ? earlier
                : remember(task, tasks.submit(task.task().id(), record));
    }

    /** The receipt of the same task, if it came in before; failed with {@link IdReused} if it was another. */
    public @Nullable Future<Receipt> earlier(Incoming task) {
        return index.earlier(task.task().id(), task.mark());
    }

    /** Remembers a task that was handed to the broker. */
    public Future<Receipt> remember(Incoming task, Future<Receipt> receipt) {
        return index.submitted(task.task().id(), task.task().type(), task.mark(), receipt);
    }

    /**
     * A task that was taken and is waited for.
     *
     * @param receipt when the broker has it
     * @param result fails as the receipt does, or with {@link io.sluice.producer.client.NoResultYet} when the time is over
     */
    public record Call(Future<Receipt> receipt, Future<TaskResult> result) {}

    /**
     * Takes a task and waits for its result.
     *
     * @param take writes it
     */
    public Call call(String id, Duration time, Supplier<Future<Receipt>> take) {
        Promise<TaskResult> result = waiters.await(id, time);
        Future<Receipt> receipt = take.get();
        receipt.onSuccess(taken -> {
                    Known known = index.find(id);
                    TaskResult earlier = known == null ? null : known.result();
                    if (earlier != null) {
                        result.tryComplete(earlier);
                    }
                })
                .onFailure(result::tryFail);
        return new Call(receipt, result.future());
    }

    /**
     * Refuses to wait for a result that never comes.
     *
     * @throws BadTask if tasks of that type have none
     */
    public void checkAwaitable(String type) throws BadTask {
        switch (settings.type(type).answers().results()) {
            case NONE -> throw new BadTask("wait", "is of no use: tasks of type " + type + " have results: none");
            case FAILURES ->
                throw new BadTask(
                        "wait",
                        "is of no use: tasks of type " + type + " have results: failures, so a success has none");
            case ALL -> {}
        }
    }

    /** Null if nothing is known of the task. */
    public @Nullable Known find(String id) {
        return index.find(id);
    }

    /** From when on every task that has ended is known; null while the results are not, or not all, read. */
    public @Nullable Instant knowsSince() {
        Instant since = follower.isCurrent() ? index.knowsSince() : null;
        Instant lost = follower.lostAt();
        return since == null || lost == null || since.isAfter(lost) ? since : lost;
    }

    /** Where it is counted what becomes of the tasks that come in on this way. */
    public Outcomes outcomes(Source source) {
        return metrics.outcomes(source);
    }

    /** How many tasks it remembers. Any thread. */
    public int remembered() {
        return index.size();
    }

    public Tasks tasks() {
        return tasks;
    }

    public String defaultType() {
        return settings.defaultType();
    }

    /** Lets nobody wait any longer. */
    public void stopWaiting() {
        waiters.giveUp();
    }

    /** Completes when the thread that follows the results has ended. */
    public Future<Void> close() {
        return follower.close();
    }
}
