package io.sluice.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LogFieldsTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("io.sluice.logging.LogFieldsTest.log");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            super.append(line);
        }
    };
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void listen() {
        MDC.clear();
        lines.start();
        log.setLevel(Level.INFO);
        log.setAdditive(false);
        log.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        log.detachAppender(lines);
        log.setAdditive(true);
        log.setLevel(null);
        MDC.clear();
    }

    private Supplier<Map<String, String>> task(String id) {
        return () -> {
            asked.incrementAndGet();
            return Map.of("task", id);
        };
    }

    private List<Map<String, String>> fields() {
        return lines.list.stream().map(ILoggingEvent::getMDCPropertyMap).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void linesHaveThemUntilTheyAreTakenBack(boolean late) {
        MDC.put("request", "r1");
        Runnable leave = LogFields.enter(task("t1"), late);
        log.info("within");
        log.atInfo().log("within, too");
        leave.run();
        log.info("after");

        assertThat(fields())
                .containsExactly(
                        Map.of("request", "r1", "task", "t1"),
                        Map.of("request", "r1", "task", "t1"),
                        Map.of("request", "r1"));
        assertThat(asked).hasValue(1);
    }

    @Test
    void nobodyMakesThemWhileNothingIsLogged() {
        Runnable leave = LogFields.enter(task("t1"));
        log.debug("nobody sees this");
        leave.run();
        log.info("after");

        assertThat(asked).hasValue(0);
        assertThat(fields()).containsExactly(Map.of());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofThoseWithinOthersTheInnerOnesCount(boolean late) {
        Runnable leaveOuter = LogFields.enter(() -> Map.of("task", "outer", "key", "k"), late);
        Runnable leaveInner = LogFields.enter(task("inner"), late);
        log.info("inner");
        leaveInner.run();
        log.info("outer");
        Runnable leaveAnother = LogFields.enter(task("another"), late);
        log.info("another, within fields that are there");
        leaveAnother.run();
        leaveOuter.run();
        log.info("after");

        assertThat(fields()).extracting(each -> each.get("task")).containsExactly("inner", "outer", "another", null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCodePutsThereItselfIsSeenAndDoesNotStay(boolean late) {
        Runnable leave = LogFields.enter(task("t1"), late);
        MDC.put("task", "mine");
        MDC.put("left", "behind");
        log.info("within");
        leave.run();

        assertThat(fields()).containsExactly(Map.of("task", "mine", "left", "behind"));
        assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    }

    @Test
    void aLogThatIsConfiguredAnewHasThemStill() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(log.getLoggerContext().getMDCAdapter());
        FieldsWhenLogged.attach(context);

        context.reset();

        Logger itsLog = context.getLogger("log");
        itsLog.addAppender(lines);
        Runnable leave = LogFields.enter(task("t1"), true);
        itsLog.info("within");
        leave.run();
        assertThat(fields()).containsExactly(Map.of("task", "t1"));
    }
}
