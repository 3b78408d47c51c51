package io.sluice.producer.submit;

import io.sluice.cli.Progress;
import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.producer.client.Join;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.TaskLines;
import io.sluice.settings.Durations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tasks read, sent, journalled and joined, to be read downwards. Main thread, which waits and shows how far it is. */
final class Sending {
    private static final Duration LOOK = Duration.ofMillis(100);

    /** By how much the clocks of consumers may be behind this one's, when results of an earlier run are looked for. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /**
     * What there is to send.
     *
     * @param lines where it is read from
     * @param total how many tasks that is, those that were sent earlier included; negative if nobody knows
     * @param journal null if none is kept
     * @param join null if results are not waited for
     */
    record Lot(
            TaskLines lines,
            long total,
            @Nullable Journal journal,
            @Nullable Join join) {}

    private final SubmitPlan plan;
    private final Lot lot;
    private final BitSet earlier;
    private final long already;
    private final Progress progress;
    private final StopSignal stop = StopSignal.listen();

    Sending(SubmitPlan plan, Lot lot, PrintWriter err, boolean terminal) {
        this.plan = plan;
        this.lot = lot;
        this.earlier = lot.journal() == null ? new BitSet() : lot.journal().sent();
        this.already = earlier.cardinality();
        this.progress = new Progress(err, terminal, lot.total(), lot.join() == null ? already : 0);
    }

    /** What is at work. */
    private record Live(Submission submission, Feed feed, Acknowledged acknowledged, ResultFile results) {
        /** Why there is no point in going on; null while there is. */
        @Nullable
        String failure() {
            String failure = acknowledged.failure() == null ? results.failure() : acknowledged.failure();
            return failure == null ? feed.refusal() : failure;
        }
    }

    /** Sends it all, or as much as can be; what is unacknowledged at the end has ten seconds for that. */
    Outcome run() {
        // Who writes results may be held up for as long as whoever reads them likes.
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setMaxWorkerExecuteTime(1).setMaxWorkerExecuteTimeUnit(TimeUnit.DAYS));
        try (ResultFile results = ResultFile.open(plan.out())) {
            Tasks tasks = Tasks.open(vertx, plan.settings());
            Submission submission = Waiting.on(open(vertx, tasks, results));
            Acknowledged acknowledged = new Acknowledged(lot.journal());
            Feed feed = new Feed(plan, lot.lines(), earlier, submission, acknowledged, progress::say);
            Live live = new Live(submission, feed, acknowledged, results);
            Future<Void> answered = feed.start().compose(fed -> submission.answered());
            Future<Void> end = answered.compose(all -> submission.join());
            List<String> faults = new ArrayList<>(watch(answered, end, live));
            boolean complete = end.succeeded() && feed.isExhausted();
            feed.stop();
            Waiting.on(tasks.close());
            Waiting.on(submission.run(acknowledged::write).compose(written -> submission.close()));
            progress.end();
            if (live.failure() != null) {
                faults.add(live.failure());
            }
            return outcome(live, complete, faults, end.cause() instanceof UsageFault);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    private Future<Submission> open(Vertx vertx, Tasks tasks, ResultFile results) {
        Join join = lot.join();
        if (join == null) {
            return Submission.unjoined(vertx, tasks);
        }
        Journal journal = lot.journal();
        Instant from =
                journal == null || earlier.isEmpty() ? null : journal.started().minus(CLOCKS);
        return Submission.open(vertx, plan.settings(), tasks, join, from, results::write);
    }

    /** Until the end, a signal or a failure; returns why it ended before its time. */
    private List<String> watch(Future<Void> answered, Future<Void> end, Live live) {
        Duration timeout = plan.wanted() == null ? null : plan.wanted().timeout();
        CompletableFuture<?> either = Future.any(end.otherwiseEmpty(), stop.received())
                .toCompletionStage()
                .toCompletableFuture();
        long allSentNanos = 0;
        while (!Waiting.atMost(LOOK, either) && live.failure() == null) {
            show(live.submission().state());
            if (timeout != null && answered.succeeded()) {
                allSentNanos = allSentNanos == 0 ? System.nanoTime() : allSentNanos;
                if (System.nanoTime() - allSentNanos > timeout.toNanos()) {
                    return List.of("gave up waiting " + Durations.format(timeout) + " after the last task was sent");
                }
            }
        }
        if (!end.isComplete() && stop.received().isComplete()) {
            progress.say("Stopping on SIG" + stop.received().result()
                    + ": waiting for the broker to acknowledge what was sent; once more ends it at once");
        }
        return end.failed() ? List.of(String.valueOf(end.cause().getMessage())) : List.of();
    }

    private void show(Submission.State state) {
        long sent = already + state.taken();
        if (lot.join() == null) {
            progress.show(sent, "sent");
        } else {
            long running = sent - state.settled();
            progress.show(
                    state.settled(),
                    "done, " + state.failed() + " failed, " + Math.max(0, running) + " running, " + sent + " sent");
        }
    }

    private Outcome outcome(Live live, boolean complete, List<String> faults, boolean badInput) {
        Submission.State state = live.submission().state();
        long sent = already + state.taken();
        String signal = complete ? null : stop.received().result();
        int exitCode;
        if (signal != null && faults.isEmpty()) {
            exitCode = StopSignal.exitCode(signal);
        } else if (badInput) {
            exitCode = 2;
        } else {
            exitCode = faults.isEmpty() && state.failed() == 0 && live.feed().skipped() == 0 ? 0 : 1;
        }
        boolean allSent =
                lot.total() < 0 ? live.feed().isExhausted() : sent + live.feed().tooLarge() == lot.total();
        String what = lot.total() < 0 ? sent + " tasks submitted" : sent + " of " + lot.total() + " tasks submitted";
        if (lot.join() != null) {
            what += ", " + (state.settled() - state.failed()) + " succeeded, " + state.failed() + " failed";
            if (!complete && allSent) {
                what += ", " + lot.join().missing().size() + " without a result";
            }
        }
        if (live.feed().skipped() > 0) {
            what += ", " + live.feed().skipped() + " bad lines skipped";
        }
        return new Outcome(complete && faults.isEmpty(), what, faults, sent > 0, allSent, exitCode);
    }
}
