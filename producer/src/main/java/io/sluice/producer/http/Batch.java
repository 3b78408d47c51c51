package io.sluice.producer.http;

import io.sluice.producer.client.NotAcknowledged;
import io.sluice.producer.client.Receipt;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.form.BadTask;
import io.sluice.producer.form.Incoming;
import io.sluice.producer.guard.RequestClock;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.metrics.Outcomes;
import io.sluice.producer.metrics.Source;
import io.sluice.record.TraceContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of one request, a line each, and its answers, a line each in the same order. Nothing of it is kept for longer
 * than it takes: what comes in is held back while the broker, or the client as a reader, is slow. Its event loop owns it;
 * acknowledgements come on threads of the sender's.
 */
final class Batch implements Lines.Taker {
    private static final Logger log = LoggerFactory.getLogger(Batch.class);

    /** A quarter of the buffer stays free for single tasks: a batch can wait, and they would be refused. */
    private static final int SHARE_OF_OTHERS = 4;

    /** Lines that were refused, or came before, take no room of the buffer, and yet wait for those before them. */
    private static final int MOST_ANSWERS = 10_000;

    private static final byte[] TOO_LONG = {};

    /**
     * What a batch is told beside its lines.
     *
     * @param longestLine in bytes
     * @param ids what the ids of tasks without one begin with; the number of the line follows
     * @param once whether a task that came in before is not written again
     * @param onlyErrors whether lines that were taken are only counted, in one last line
     * @param source of tasks that name none
     * @param trace that they continue
     */
    record Rules(
            int longestLine,
            String ids,
            boolean once,
            boolean onlyErrors,
            String source,
            @Nullable TraceContext trace) {}

    private final Intake intake;
    private final Rules rules;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestClock clock;
    private final Context context;
    private final Outcomes outcomes;

    /** Lines that were read and not yet taken: at most a chunk of the request. */
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    /** Those whose turn to be answered has not come. */
    private final Deque<BatchAnswer> answers = new ArrayDeque<>();

    private final AtomicBoolean flushing = new AtomicBoolean();
    private long number;
    private long taken;
    private long refused;
    private boolean held;
    private boolean full;
    private boolean ended;
    private boolean over;

    Batch(Intake intake, Rules rules, HttpServerRequest request, RequestClock clock, Context context) {
        this.intake = intake;
        this.rules = rules;
        this.request = request;
        this.response = request.response();
        this.clock = clock;
        this.context = context;
        this.outcomes = intake.outcomes(Source.BATCH);
    }

    void begin() {
        Lines lines = new Lines(rules.longestLine(), this);
        response.setChunked(true).putHeader("content-type", "application/x-ndjson");
        response.exceptionHandler(gone -> over = true).closeHandler(gone -> over = true);
        clock.onExpiry(this::breakOff);
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            // The client sends nothing before; curl only waits a second, others may wait for ever.
            response.writeContinue();
        }
        // A request that breaks off has no end: what it broke off with is no line.
        request.exceptionHandler(brokenOff -> over = true)
                .handler(chunk -> {
                    lines.feed(chunk);
                    takeWaiting();
                })
                .endHandler(all -> {
                    lines.end();
                    ended = true;
                    takeWaiting();
                })
                .resume();
    }

    @Override
    public void line(byte[] line) {
        waiting.add(line);
    }

    @Override
    public void tooLong() {
        waiting.add(TOO_LONG);
    }

    /** Takes what was read, until there is no room for more, or nobody reads the answers. */
    private void takeWaiting() {
        while (!over && !held && !waiting.isEmpty()) {
            if (answers.size() >= MOST_ANSWERS) {
                full = true;
                hold();
            } else if (response.writeQueueFull()) {
                hold();
                response.drainHandler(drained -> {
                    response.drainHandler(null);
                    goOn();
                });
            } else if (take(waiting.element())) {
                waiting.remove();
                number++;
                clock.progress();
            } else {
                hold();
                intake.tasks().room().onComplete(room -> goOn());
            }
        }
        flush();
    }

    private void hold() {
        held = true;
        clock.suspend();
        request.pause();
    }

    private void goOn() {
        held = false;
        clock.resume();
        request.resume();
        takeWaiting();
    }

    /** False if there is no room for the task; the line must then be taken again. */
    private boolean take(byte[] line) {
        long next = number + 1;
        try {
            if (line == TOO_LONG) {
                throw new BadTask(
                        null, "the line is longer than " + rules.longestLine() + " bytes, which is producer.max-body");
            }
            return isBlank(line) || write(Incoming.of(intake.read(line, () -> rules.ids() + next)), next);
        } catch (BadTask e) {
            refuse(next, e.at((int) next, e.column()));
        } catch (RuntimeException e) {
            log.error("A line of a batch failed by an error of Sluice's own", e);
            refuse(next, e);
        }
        return true;
    }

    private void refuse(long line, Throwable why) {
        BatchAnswer answer = new BatchAnswer(line, null);
        answer.done(why);
        outcomes.count(why);
        answers.add(answer);
    }

    private static boolean isBlank(byte[] line) {
        for (byte each : line) {
            if (each != ' ' && each != '\t' && each != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean write(Incoming task, long next) {
        BatchAnswer answer = new BatchAnswer(next, task.task().id());
        Future<Receipt> earlier = rules.once() ? intake.earlier(task) : null;
        if (earlier != null) {
            answers.add(answer);
            earlier.onComplete(known -> {
                answer.done(known.cause());
                outcomes.count(known.cause());
                flushSoon();
            });
            return true;
        }
        Tasks tasks = intake.tasks();
        boolean room =
                tasks.offer(task.toRecord(tasks.topic(), rules.source(), rules.trace()), SHARE_OF_OTHERS, failure -> {
                    NotAcknowledged refused = failure == null
                            ? null
                            : new NotAcknowledged(task.task().id(), failure);
                    answer.done(refused);
                    outcomes.count(refused);
                    flushSoon();
                });
        if (room) {
            answers.add(answer);
            intake.remember(task, answer.receipt().future());
        }
        return room;
    }

    /** From any thread: many acknowledgements come together, and the event loop is asked once for all of them. */
    private void flushSoon() {
        if (flushing.compareAndSet(false, true)) {
            context.runOnContext(turn -> {
                flushing.set(false);
                flush();
            });
        }
    }

    /** Answers those at the head that are known. */
    private void flush() {
        StringBuilder text = new StringBuilder();
        for (BatchAnswer next = answers.peek(); next != null && next.isDone(); next = answers.peek()) {
            answers.remove();
            boolean wasTaken = next.tell(intake.tasks().topic());
            taken += wasTaken ? 1 : 0;
            refused += wasTaken ? 0 : 1;
            if (!wasTaken || !rules.onlyErrors()) {
                next.writeTo(text);
            }
        }
        boolean last = ended && waiting.isEmpty() && answers.isEmpty();
        if (last && rules.onlyErrors()) {
            text.append("{\"taken\":")
                    .append(taken)
                    .append(",\"refused\":")
                    .append(refused)
                    .append("}\n");
        }
        if (full && answers.size() <= MOST_ANSWERS / 2) {
            full = false;
            context.runOnContext(turn -> goOn());
        }
        if (over) {
            return;
        }
        if (!text.isEmpty()) {
            response.write(Buffer.buffer(text.toString()));
        }
        if (last) {
            over = true;
            response.end();
        }
    }

    /** The client has stopped in the middle: it is told of what it has sent, and where. */
    private void breakOff() {
        refuse(number + 1, new BodyTooSlow());
        waiting.clear();
        ended = true;
        flush();
    }
}
