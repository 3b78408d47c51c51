package io.sluice.consumer.engine;

import io.sluice.record.Copy;
import io.sluice.record.DeadLetter;
import io.sluice.record.Failure;
import io.sluice.record.NewTask;
import io.sluice.record.TaskResult;
import io.sluice.record.TraceContext;
import io.sluice.record.Trip;
import io.sluice.settings.Results;
import io.sluice.settings.TopicNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Which records a finished task owes, in the order in which they are written.
 *
 * @param group the consumer group, named in dead letters
 */
record Owed(TopicNames topics, String group) {
    private static final int MESSAGE_LIMIT = 1_000;

    /** The follow-up tasks, the largest first: if that one fits, all do. Then the result. */
    List<ProducerRecord<byte[], byte[]>> bySuccess(Task task, byte[] output, List<NewTask> emitted) {
        boolean hasResult = task.type().settings.answers().results() == Results.ALL;
        if (emitted.isEmpty() && !hasResult) {
            return List.of();
        }
        List<ProducerRecord<byte[], byte[]>> owed = new ArrayList<>(emitted.size() + 1);
        @Nullable TraceContext trace = trace(task);
        for (NewTask followUp : emitted) {
            owed.add(followUp.toRecord(topics.tasks(), "/sluice/" + topics.tasks(), trace));
        }
        putLargestFirst(owed);
        if (hasResult) {
            owed.add(
                    TaskResult.succeeded(topics.results(), task.record, task.envelope(), task.attempts, output, trace));
        }
        return owed;
    }

    /** The trace of the last attempt, if that has one of its own. */
    private static @Nullable TraceContext trace(Task task) {
        return task.trace == null ? TraceContext.of(task.record.headers()) : task.trace;
    }

    /** Nothing but a copy of the task. */
    List<ProducerRecord<byte[], byte[]>> byMove(Task task, String topic, int partition, Trip trip) {
        return List.of(Copy.of(topic, partition, task.record, task.id(), trip));
    }

    private static void putLargestFirst(List<ProducerRecord<byte[], byte[]>> records) {
        int largest = 0;
        for (int i = 1; i < records.size(); i++) {
            if (size(records.get(i)) > size(records.get(largest))) {
                largest = i;
            }
        }
        if (largest > 0) {
            Collections.swap(records, 0, largest);
        }
    }

    private static long size(ProducerRecord<byte[], byte[]> record) {
        long size = length(record.key()) + length(record.value());
        for (Header header : record.headers()) {
            size += header.key().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** The dead letter, then the result that says so. */
    List<ProducerRecord<byte[], byte[]>> byFailure(Task task, String reason, Throwable cause, Instant now) {
        Instant first = task.firstFailure == null ? now : task.firstFailure;
        try {
            return byFailure(task, new Failure(reason, task.attempts, inOneLine(cause), cause, first, now));
        } catch (RuntimeException | Error thrownByTheCause) {
            // An exception may throw from its own getMessage; its task is a dead letter all the same.
            String message = cause.getClass().getName() + ", which cannot be printed";
            return byFailure(task, new Failure(reason, task.attempts, message, null, first, now));
        }
    }

    private List<ProducerRecord<byte[], byte[]>> byFailure(Task task, Failure failure) {
        ProducerRecord<byte[], byte[]> deadLetter =
                DeadLetter.of(topics.deadLetters(), group, task.record, task.envelope(), failure);
        return task.type().settings.answers().results() == Results.NONE
                ? List.of(deadLetter)
                : List.of(
                        deadLetter,
                        TaskResult.failed(topics.results(), task.record, task.envelope(), failure, trace(task)));
    }

    private static String inOneLine(Throwable cause) {
        String message = cause.getMessage();
        String text = message == null || message.isBlank() ? cause.getClass().getName() : message;
        String line = text.lines().findFirst().orElse(text);
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }
}
