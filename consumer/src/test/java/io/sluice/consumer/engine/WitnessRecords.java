package io.sluice.consumer.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.HeaderNames;
import io.sluice.record.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** P1 and P6: what is written for which task, and whether it may be written. */
final class WitnessRecords {
    /** Of a follow-up task that must never be written, since its call has failed. */
    static final int FORBIDDEN = 9;

    private static final String RESULT = "run:";
    private static final String CHILD = "child:";

    private final SimWorld world;
    private final Witness witness;
    private final List<SimTask> tasks = new ArrayList<>();
    private final Map<String, List<SimTask>> byId = new HashMap<>();

    WitnessRecords(SimWorld world, Witness witness) {
        this.world = world;
        this.witness = witness;
    }

    static String result(SimRun run) {
        return RESULT + run.id;
    }

    static String child(SimTask parent, int number) {
        return CHILD + parent.number + ":" + number;
    }

    List<SimTask> tasks() {
        return tasks;
    }

    SimTask add(SimTask task) {
        tasks.add(task);
        return task;
    }

    /** The task has got its first record, and so its id. */
    void named(SimTask task) {
        byId.computeIfAbsent(id(task), added -> new ArrayList<>(1)).add(task);
    }

    /** It, and other tasks with its id: those that were emitted again. */
    private List<SimTask> namesakes(SimTask task) {
        return byId.getOrDefault(id(task), List.of());
    }

    /** Whether no other task has its id. */
    boolean isUnmistakable(SimTask task) {
        return namesakes(task).size() == 1;
    }

    private static String id(SimTask task) {
        SimRecord first = task.first();
        String id = HeaderNames.text(first.record.headers(), HeaderNames.ID);
        return id == null ? first.id + "-" + first.offset() : id;
    }

    /** Takes a record that a consumer writes. */
    Witness.@Nullable Write written(Witness.Post post, ProducerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        if (topic.equals(TestSettings.RESULTS)) {
            return result(post, record);
        }
        if (topic.equals(TestSettings.DEAD_LETTERS)) {
            return deadLetter(post, record);
        }
        if (world.broker.isRead(topic)) {
            return origin(record.headers()) == null ? child(post, record) : move(post, record);
        }
        witness.broken("P1", "a record is written to " + topic);
        return null;
    }

    private Witness.@Nullable Write result(Witness.Post post, ProducerRecord<byte[], byte[]> record) {
        String type = Objects.requireNonNull(HeaderNames.text(record.headers(), HeaderNames.TYPE));
        String value = new String(record.value(), StandardCharsets.UTF_8);
        if (type.endsWith(".failed")) {
            SimTask task = bySubject(post, record, true);
            SimRecord here = task == null ? null : here(post, task);
            if (here != null
                    && isUnmistakable(here.task)
                    && witness.copies(post, here.task).stream().noneMatch(copy -> copy.outcome.hasDeadLetter())) {
                witness.broken("P1", "the failure of " + task + " is told before its dead letter is acknowledged");
            }
            return write(post, here, task, Witness.Meaning.FAILED_RESULT, 0);
        }
        if (value.equals('"' + SimHandlers.DEFAULT + '"')) {
            SimTask task = bySubject(post, record, false);
            return write(post, task == null ? null : here(post, task), task, Witness.Meaning.DEFAULT_RESULT, 0);
        }
        SimRun run =
                value.startsWith("{") ? witness.runs.lastGood(referenced(value)) : witness.runs.run(number(value, 0));
        if (!run.endedWell || witness.runs.isLate(run)) {
            witness.broken(
                    "P1", "a result is written of " + run + ", which " + (run.endedWell ? "was too late" : "failed"));
        }
        return write(post, run.life == run.record.life ? run.record : null, run.task(), Witness.Meaning.RESULT, 0);
    }

    private @Nullable SimTask bySubject(Witness.Post post, ProducerRecord<byte[], byte[]> record, boolean failed) {
        String subject = String.valueOf(HeaderNames.text(record.headers(), HeaderNames.SUBJECT));
        List<SimTask> named = byId.getOrDefault(subject, List.of());
        for (SimTask task : named) {
            // A repeated follow-up task has the name of the first.
            SimRecord here = here(post, task);
            if (here != null && !here.isSettled() && (!failed || here.outcome.hasDeadLetter())) {
                return task;
            }
        }
        if (named.isEmpty()) {
            witness.broken("P1", "a result is written of " + subject + ", which is no task");
            return null;
        }
        return named.get(0);
    }

    private Witness.@Nullable Write deadLetter(Witness.Post post, ProducerRecord<byte[], byte[]> record) {
        SimRecord origin = origin(record.headers());
        if (origin == null) {
            witness.broken("P6", "a dead letter does not say where it comes from");
            return null;
        }
        String reason = String.valueOf(HeaderNames.text(record.headers(), HeaderNames.REASON));
        world.trace.say("%s writes a dead letter of %s: %s", post.consumer(), origin.task, reason);
        if (!origin.isKeptBy(record.key(), record.value(), record.headers())) {
            witness.broken("P6", "the dead letter of " + origin.task + " is not byte for byte what it was");
        }
        if (!isPlausible(reason, origin.task)) {
            witness.broken("retries", origin.task + " is a dead letter for the reason " + reason);
        }
        return write(post, here(post, origin.task), origin.task, Witness.Meaning.DEAD_LETTER, 0);
    }

    /** Whether the reason can be true. */
    private boolean isPlausible(String reason, SimTask task) {
        boolean good = task.plan.kind() == SimPlan.Kind.GOOD;
        return switch (reason) {
            case "undecodable" -> task.plan.kind() == SimPlan.Kind.UNDECODABLE;
            case "unknown-type" -> task.plan.kind() == SimPlan.Kind.UNKNOWN_TYPE;
            case "expired" -> task.plan.expiresIn() > 0;
            case "permanent" -> good && task.plan.last().how() == SimPlan.How.PERMANENT;
            case "ordered-wait" -> task.key != null && world.setup.isOrdered() && task.plan.isFar();
            case "result" ->
                good && (task.did(SimPlan.How.UNWRITABLE) || task.plan.output().hasLargeChild());
            case "stuck" -> good && witness.runs.hasOverstayed(task);
            case "exhausted" ->
                good && task.runs >= world.setup.type(task.type).retry().maxAttempts();
            default -> false;
        };
    }

    private Witness.@Nullable Write child(Witness.Post post, ProducerRecord<byte[], byte[]> record) {
        String text = new String(record.value(), StandardCharsets.UTF_8);
        SimTask parent = tasks.get(number(text, 0));
        int number = number(text, 1);
        if (number == FORBIDDEN || !parent.succeeded || parent.plan.output().hasLargeChild()) {
            witness.broken(
                    "P1", "a follow-up task is written of " + parent + ", which has not succeeded, or not with this");
        }
        SimTask task = add(new SimTask(
                tasks.size(),
                parent.key,
                parent.type,
                world.setup.type(parent.type).answers().results(),
                SimPlan.drawChild(world.random),
                parent,
                world.nanos()));
        world.broker.append(record, task, 0);
        named(task);
        world.trace.say("%s writes %s, follow-up %d of %s", post.consumer(), task, number, parent);
        return write(post, here(post, parent), parent, Witness.Meaning.CHILD, number);
    }

    private Witness.@Nullable Write move(Witness.Post post, ProducerRecord<byte[], byte[]> record) {
        SimRecord origin = Objects.requireNonNull(origin(record.headers()));
        int hop = Integer.parseInt(String.valueOf(HeaderNames.text(record.headers(), HeaderNames.MOVES)));
        if (!origin.isKeptBy(record.key(), record.value(), record.headers())) {
            witness.broken("P6", "the copy of " + origin.task + " is not what it was");
        }
        if (world.setup.isOrdered() && record.key() != null && !record.topic().equals(TestSettings.TOPIC)) {
            witness.broken("P4", origin.task + " leaves the order of its key for " + record.topic());
        }
        SimRecord copy = world.broker.append(record, origin.task, hop);
        world.trace.say("%s moves %s to %s", post.consumer(), origin.task, copy);
        SimRecord moved = null;
        for (SimRecord each : origin.task.records) {
            moved = each.hop == hop - 1 && witness.has(post, each) ? each : moved;
        }
        return write(post, moved, origin.task, Witness.Meaning.MOVE, 0);
    }

    private Witness.@Nullable Write write(
            Witness.Post post, @Nullable SimRecord here, @Nullable SimTask task, Witness.Meaning meaning, int child) {
        if (task == null) {
            return null;
        }
        world.trace.say("%s writes %s of %s (%s)", post.consumer(), meaning, task, here);
        mean(task.written, meaning, child);
        return new Witness.Write(post, here, task, meaning, child);
    }

    /** The consumer hears that it is safe. */
    void acknowledged(Witness.@Nullable Write write) {
        if (write == null) {
            return;
        }
        world.trace.say("%s hears that the %s of %s is safe", write.post().consumer(), write.meaning(), write.task());
        List<SimTask> namesakes = namesakes(write.task());
        boolean named =
                write.meaning() == Witness.Meaning.FAILED_RESULT || write.meaning() == Witness.Meaning.DEFAULT_RESULT;
        if (named && namesakes.size() > 1) {
            // It may be any one's: nobody can tell.
            for (SimTask namesake : namesakes) {
                mean(namesake.total, write.meaning(), write.child());
                SimRecord record = here(write.post(), namesake);
                if (record != null) {
                    mean(record.outcome, write.meaning(), write.child());
                }
            }
            return;
        }
        mean(write.task().total, write.meaning(), write.child());
        SimRecord record = write.record();
        if (record != null && witness.has(write.post(), record)) {
            boolean exact = write.meaning() == Witness.Meaning.RESULT || write.meaning() == Witness.Meaning.MOVE;
            List<SimRecord> twins =
                    exact ? witness.twins(write.post(), record) : witness.copies(write.post(), write.task());
            twins.forEach(twin -> mean(twin.outcome, write.meaning(), write.child()));
            // A failure's result that was heard of before its dead letter may have been a namesake's.
            boolean unclear = write.meaning() == Witness.Meaning.DEAD_LETTER && namesakes.size() > 1;
            if (twins.size() == 1 && !unclear && record.settledAt == 0 && record.isSettled()) {
                record.settledAt = witness.moment();
            }
        }
    }

    private static void mean(SimOutcome outcome, Witness.Meaning meaning, int child) {
        switch (meaning) {
            case RESULT -> outcome.result();
            case DEFAULT_RESULT -> outcome.defaultResult();
            case FAILED_RESULT -> outcome.failedResult();
            case DEAD_LETTER -> outcome.deadLetter();
            case CHILD -> outcome.child(child);
            case MOVE -> outcome.move();
        }
    }

    /** The task's record that the consumer has read last and still has; null if there is none. */
    private @Nullable SimRecord here(Witness.Post post, SimTask task) {
        for (int i = task.records.size() - 1; i >= 0; i--) {
            SimRecord record = task.records.get(i);
            if (witness.has(post, record)) {
                return record;
            }
        }
        return null;
    }

    private @Nullable SimRecord origin(Headers headers) {
        String topic = HeaderNames.text(headers, HeaderNames.ORIGIN_TOPIC);
        String partition = HeaderNames.text(headers, HeaderNames.ORIGIN_PARTITION);
        String offset = HeaderNames.text(headers, HeaderNames.ORIGIN_OFFSET);
        return topic == null || partition == null || offset == null
                ? null
                : world.broker.find(new TopicPartition(topic, Integer.parseInt(partition)), Long.parseLong(offset));
    }

    /** The record that a result refers to, being too large itself. */
    private SimRecord referenced(String value) {
        try {
            JsonNode reference = Json.mapper().readTree(value).get("reference");
            TopicPartition id = new TopicPartition(
                    reference.get("topic").textValue(),
                    reference.get("partition").intValue());
            return Objects.requireNonNull(
                    world.broker.find(id, reference.get("offset").longValue()));
        } catch (JsonProcessingException fault) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** The number behind the colon with that index; texts are JSON, so in quotes. */
    private static int number(String text, int index) {
        return Integer.parseInt(text.substring(1, text.length() - 1).split(":", -1)[index + 1]);
    }
}
