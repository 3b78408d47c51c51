package io.sluice.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.helpers.BasicMDCAdapter;

/** What the configuration of all processes makes of log calls. */
class LoggingConfigurationTest {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final LoggerContext context = new LoggerContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void whatACallSaysOfATaskIsInFieldsOfOneFlatObject() throws Exception {
        Logger logger = configured(Map.of("SLUICE_LOG_FORMAT", "json")).getLogger("io.sluice.consumer.engine.Attempts");

        JsonNode entry = json(() -> logger.atWarn()
                .addKeyValue("task", "17")
                .addKeyValue("type", "fetch")
                .addKeyValue("key", "example.org")
                .addKeyValue("attempt", 3)
                .addKeyValue("topic", "tasks")
                .addKeyValue("partition", 5)
                .addKeyValue("offset", 1234567890123L)
                .log("It failed"));

        assertThat(entry.properties())
                .extracting(Map.Entry::getKey)
                .contains("@timestamp", "log.level", "log.logger", "message");
        assertThat(entry.properties()).allMatch(field -> field.getValue().isValueNode());
        assertThat(entry.path("message").asText()).isEqualTo("It failed");
        assertThat(entry.path("log.level").asText()).isEqualTo("WARN");
        assertThat(List.of("task", "type", "key", "attempt", "topic", "partition", "offset"))
                .extracting(name -> entry.path(name).asText())
                .containsExactly("17", "fetch", "example.org", "3", "tasks", "5", "1234567890123");
    }

    @Test
    void theMdcIsInFieldsTooAndNoNameComesTwice() throws Exception {
        Logger logger = configured(Map.of("SLUICE_LOG_FORMAT", "json")).getLogger("com.example.Handler");
        context.getMDCAdapter().put("task", "17");
        context.getMDCAdapter().put("type", "thumbnail");

        JsonNode entry = json(() -> logger.atInfo()
                .addKeyValue("task", "another")
                .addKeyValue("message", "a name of the schema's own")
                .addKeyValue("twice", 1)
                .addKeyValue("twice", 2)
                .log("A handler's"));

        assertThat(entry.path("task").asText()).isEqualTo("17");
        assertThat(entry.path("type").asText()).isEqualTo("thumbnail");
        assertThat(entry.path("twice").asText()).isEqualTo("2");
        assertThat(entry.path("message").asText()).isEqualTo("A handler's");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "two\nlines\r\n{\"message\":\"forged\"}",
                "\"quoted\" \\ and \\u0041",
                "\u0000\u0001\u001b[31m\u007f\u0085\u2028\u2029",
                "half a character \ud83d",
                "\ud83d\ude00 {} {}"
            })
    void aHostileMessageIsStillOneObjectOnOneLine(String hostile) throws Exception {
        Logger logger = configured(Map.of("SLUICE_LOG_FORMAT", "json")).getLogger("io.sluice.A");

        JsonNode entry = json(() -> logger.atError()
                .addKeyValue("key", hostile)
                .addKeyValue(hostile, "a name")
                .addKeyValue("nothing", (Object) null)
                .setCause(new IllegalStateException(hostile, new RuntimeException(hostile)))
                .log(hostile));

        String readable = new String(hostile.getBytes(UTF_8), UTF_8);
        assertThat(entry.path("message").asText()).isEqualTo(readable);
        assertThat(entry.path("key").asText()).isEqualTo(readable);
        assertThat(entry.path("error.stack_trace").asText())
                .contains("java.lang.IllegalStateException", "Caused by: ", "LoggingConfigurationTest");
    }

    @ParameterizedTest
    @CsvSource({"ERROR, ERROR", "WARN, WARN", "DEBUG, WARN"})
    void theLevelIsOfSluiceAndOfHandlersAndLibrariesNeverSayMore(String level, String ofLibraries) {
        configured(Map.of("SLUICE_LOG_FORMAT", "json", "SLUICE_LOG_LEVEL", level));

        for (Level each : List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG)) {
            boolean wanted = each.isGreaterOrEqual(Level.valueOf(level));
            assertThat(passes("io.sluice.A", each)).isEqualTo(wanted);
            assertThat(passes("com.example.Handler", each)).isEqualTo(wanted);
            assertThat(passes("org.apache.kafka.clients.NetworkClient", each))
                    .isEqualTo(each.isGreaterOrEqual(Level.valueOf(ofLibraries)));
        }
    }

    @Test
    void peopleGetTheirFormatByDefault() {
        Logger logger = configured(Map.of()).getLogger("io.sluice.A");

        assertThat(encoded(() -> logger.warn("Look at this")))
                .contains(" WARN  A: Look at this")
                .doesNotContain("{");
    }

    private LoggerContext configured(Map<String, String> variables) {
        context.setMDCAdapter(new BasicMDCAdapter());
        variables.forEach(context::putProperty);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(
                    Objects.requireNonNull(JsonLines.class.getResource("/io/sluice/logging/logback.xml")));
        } catch (JoranException e) {
            throw new IllegalStateException(e);
        }
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .allMatch(status -> status.getEffectiveLevel() < Status.WARN);
        return context;
    }

    private JsonNode json(Runnable call) throws Exception {
        String line = encoded(call);
        assertThat(line).endsWith("\n");
        assertThat(line.strip().lines()).hasSize(1);
        return STRICT.readTree(line);
    }

    /** What the one appender there is would write. */
    private String encoded(Runnable call) {
        ConsoleAppender<ILoggingEvent> console = console();
        Logger root = context.getLogger("ROOT");
        root.detachAppender(console);
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        root.addAppender(events);
        call.run();
        assertThat(events.list).hasSize(1);
        return new String(console.getEncoder().encode(events.list.get(0)), UTF_8);
    }

    private boolean passes(String name, Level level) {
        Logger logger = context.getLogger(name);
        LoggingEvent event = new LoggingEvent(name, logger, level, "said", null, null);
        return logger.isEnabledFor(level) && console().getFilterChainDecision(event) != FilterReply.DENY;
    }

    @SuppressWarnings("unchecked")
    private ConsoleAppender<ILoggingEvent> console() {
        var appenders = context.getLogger("ROOT").iteratorForAppenders();
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) appenders.next();
        assertThat(appenders.hasNext()).isFalse();
        return console;
    }
}
