package io.sluice.consumer.engine;

import java.nio.charset.StandardCharsets;
import org.slf4j.spi.LoggingEventBuilder;

/** The fields by which a line of the log says for programs which task it is about; people read it in the message. */
public final class TaskFields {
    public static final String TASK = "task";
    public static final String TYPE = "type";
    public static final String KEY = "key";
    public static final String ATTEMPT = "attempt";
    public static final String TOPIC = "topic";
    public static final String PARTITION = "partition";
    public static final String OFFSET = "offset";

    private TaskFields() {}

    /** The line with the fields of this task, as far as they are known. */
    static LoggingEventBuilder of(LoggingEventBuilder line, Task task) {
        LoggingEventBuilder with = line;
        if (task.isAccepted()) {
            with = with.addKeyValue(TASK, task.id())
                    .addKeyValue(TYPE, task.envelope().type());
        }
        if (task.record.key() != null) {
            with = with.addKeyValue(KEY, new String(task.record.key(), StandardCharsets.UTF_8));
        }
        if (task.attempts > 0) {
            with = with.addKeyValue(ATTEMPT, task.attempts);
        }
        return with.addKeyValue(TOPIC, task.record.topic())
                .addKeyValue(PARTITION, task.record.partition())
                .addKeyValue(OFFSET, task.record.offset());
    }
}
