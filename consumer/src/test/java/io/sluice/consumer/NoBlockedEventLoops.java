package io.sluice.consumer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/** Fails a test during which Vert.x's blocked-thread checker reported anything (P8). */
public final class NoBlockedEventLoops implements BeforeEachCallback, AfterEachCallback {
    /** The logger has kept the name of the package where the class once was. */
    private static final String CHECKER = "io.vertx.core.impl.BlockedThreadChecker";

    private final Reports reports = new Reports();

    /** Written by the checker's thread, read by the test's. */
    private static final class Reports extends AppenderBase<ILoggingEvent> {
        private final List<String> messages = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        reports.messages.clear();
        reports.start();
        checker().addAppender(reports);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        checker().detachAppender(reports);
        reports.stop();
        if (!reports.messages.isEmpty()) {
            throw new AssertionError("a thread of Vert.x was blocked: " + reports.messages);
        }
    }

    /** So many until now. */
    int reports() {
        return reports.messages.size();
    }

    static Logger checker() {
        return (Logger) LoggerFactory.getLogger(CHECKER);
    }
}
