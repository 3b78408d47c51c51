package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.settings.Limits;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** A line of the engine's log about a task says for programs, too, which one. */
class TaskFieldsTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.sluice.consumer.engine");
    private final Bench bench = new Bench(new Limits(10, 10));

    @BeforeEach
    void listen() {
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
        log.setAdditive(true);
        log.setLevel(null);
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        List<KeyValuePair> pairs = line.getKeyValuePairs();
        return pairs == null
                ? Map.of()
                : pairs.stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    @Test
    void aStuckTaskIsNamedInFields() {
        bench.feed(bench.partition(3), TaskRecord.at(3, 7).key("a"));
        bench.advance(TestSettings.TIMEOUT.plus(TestSettings.STOP_GRACE));
        bench.loop.on(() -> bench.body.run(3, 7).succeed("late"));

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "Task tasks-3-7 (type work, key a) was cancelled and still runs 2000 ms later; its permit stays taken",
                        "Task tasks-3-7 was stuck and has ended; its permit is free again");
        assertThat(lines.list)
                .allSatisfy(line -> assertThat(fields(line))
                        .isEqualTo(Map.of(
                                "task", "tasks-3-7",
                                "type", "work",
                                "key", "a",
                                "attempt", 1,
                                "topic", "tasks",
                                "partition", 3,
                                "offset", 7L)));
    }

    @Test
    void aRecordThatTheBrokerRefusesNamesItsTask() {
        bench.sink.refuse(record -> new IllegalStateException("away"));
        bench.feed(bench.partition(0), TaskRecord.at(0));
        bench.succeed(0);

        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).startsWith("tasks.results refused a record of task tasks-0-0;");
            assertThat(fields(line))
                    .containsEntry("task", "tasks-0-0")
                    .containsEntry("offset", 0L)
                    .doesNotContainKey("key");
        });
    }
}
