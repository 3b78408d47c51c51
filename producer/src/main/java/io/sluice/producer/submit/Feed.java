package io.sluice.producer.submit;

import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.producer.client.NotAcknowledged;
import io.sluice.producer.form.BadLine;
import io.sluice.producer.form.TaskLines;
import io.sluice.record.NewTask;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads tasks and hands them over, no faster than they are taken. On a thread of its own: nobody can wake one that waits for
 * stdin, so it is a daemon's.
 */
final class Feed {
    private static final int CHUNK = 500;
    private static final int TOLD = 100;

    private final SubmitPlan plan;
    private final TaskLines lines;
    private final BitSet sent;
    private final Submission submission;
    private final Acknowledged acknowledged;
    private final Consumer<String> say;
    private final Promise<Void> done = Promise.promise();
    private volatile boolean stopped;
    private volatile boolean exhausted;
    private volatile long faultCount;
    private volatile int tooLarge;
    private volatile @Nullable String refusal;

    /**
     * Reads nothing yet.
     *
     * @param sent the lines that are passed over
     * @param say tells a person of a line
     */
    Feed(
            SubmitPlan plan,
            TaskLines lines,
            BitSet sent,
            Submission submission,
            Acknowledged acknowledged,
            Consumer<String> say) {
        this.plan = plan;
        this.lines = lines;
        this.sent = sent;
        this.submission = submission;
        this.acknowledged = acknowledged;
        this.say = say;
    }

    /**
     * Starts.
     *
     * @return completes when all is read and handed over, or it was stopped; fails with a {@link UsageFault} or an
     *     {@link IOException}
     */
    Future<Void> start() {
        Thread thread = new Thread(this::run, "sluice-submit-reader");
        thread.setDaemon(true);
        thread.start();
        return done.future();
    }

    /** Hands over no more, soon. */
    void stop() {
        stopped = true;
        submission.stop();
    }

    /** Whether it has read everything. */
    boolean isExhausted() {
        return exhausted;
    }

    /** Bad lines that were skipped, among them tasks too large for the broker. */
    long skipped() {
        return faultCount + tooLarge;
    }

    /** Tasks that the broker will not take however often they are sent; they were skipped. */
    long tooLarge() {
        return tooLarge;
    }

    /** Why the broker did not take a task that was no larger than others; null if it took them. */
    @Nullable
    String refusal() {
        return refusal;
    }

    private void run() {
        try {
            boolean any = false;
            for (boolean more = true; more; any |= more) {
                more = next();
            }
            if (exhausted && !any && sent.isEmpty() && faultCount == 0) {
                throw new UsageFault(plan.name() + " names nothing to do");
            }
            done.complete();
        } catch (BadLine e) {
            done.fail(new UsageFault(String.valueOf(e.getMessage())));
        } catch (IOException | RuntimeException e) {
            done.fail(e);
        }
    }

    /** Hands over what comes next, also if a fault comes after it; says whether that was anything. */
    private boolean next() throws IOException, BadLine {
        Chunk chunk = new Chunk();
        try {
            fill(chunk);
        } finally {
            if (!chunk.isEmpty()) {
                Waiting.on(submission.submit(chunk.tasks, chunk));
            }
        }
        return !chunk.isEmpty();
    }

    /** With as many as are here, so that those who are slow in writing to stdin need not wait for more. */
    private void fill(Chunk chunk) throws IOException, BadLine {
        while (!stopped && !exhausted && chunk.tasks.size() < CHUNK) {
            NewTask task = chunk.isEmpty() ? lines.next() : lines.nextAtHand();
            tellFaults();
            if (task == null) {
                exhausted = chunk.isEmpty();
                break;
            }
            if (!sent.get((int) Math.min(lines.line(), Integer.MAX_VALUE))) {
                plan.checkAnswered(task, lines.line());
                chunk.add(task, lines.line());
            }
        }
    }

    /** Those of a file have been told when it was first read. */
    private void tellFaults() {
        if (lines.faultCount() > faultCount) {
            if (plan.file() == null && faultCount < TOLD) {
                for (BadLine fault :
                        lines.faults().subList((int) faultCount, lines.faults().size())) {
                    say.accept(fault.getMessage());
                }
            }
            faultCount = lines.faultCount();
        }
    }

    /** Tasks that go together, and the lines that they come from. */
    private final class Chunk implements Submission.Receipts {
        final List<NewTask> tasks = new ArrayList<>();
        private final long[] numbers = new long[CHUNK];

        void add(NewTask task, long number) {
            numbers[tasks.size()] = number;
            tasks.add(task);
        }

        boolean isEmpty() {
            return tasks.isEmpty();
        }

        @Override
        public void acknowledged(int index) {
            acknowledged.add((int) numbers[index]);
        }

        @Override
        public void refused(int index, Throwable cause) {
            if (stopped) {
                return;
            }
            if (cause instanceof NotAcknowledged failure && failure.tooLarge() && plan.keepGoing()) {
                int before = tooLarge;
                tooLarge = before + 1;
                if (before < TOLD) {
                    say.accept(plan.name() + ":" + numbers[index] + ":1: " + cause.getMessage());
                }
            } else {
                refusal = plan.name() + ":" + numbers[index] + ":1: " + cause.getMessage();
                stop();
            }
        }
    }
}
