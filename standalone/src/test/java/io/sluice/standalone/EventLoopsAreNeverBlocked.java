package io.sluice.standalone;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.internal.threadchecker.BlockedThreadChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Fails a test during which Vert.x's blocked-thread checker had anything to report, of whatever thread. Found by JUnit
 * itself, so it is there for every test of the module.
 */
public final class EventLoopsAreNeverBlocked implements BeforeAllCallback, AfterEachCallback {
    private static final Reports REPORTS = new Reports();

    @Override
    public void beforeAll(ExtensionContext context) {
        Logger checker = (Logger) LoggerFactory.getLogger(BlockedThreadChecker.LOGGER_NAME);
        if (!checker.isAttached(REPORTS)) {
            REPORTS.start();
            checker.addAppender(REPORTS);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> reports = reports();
        if (!reports.isEmpty()) {
            throw new AssertionError("blocked threads were reported: " + String.join("\n", reports));
        }
    }

    /** What was reported since it was last asked for. */
    static List<String> reports() {
        List<String> reports = new ArrayList<>();
        for (String report = REPORTS.heard.poll(); report != null; report = REPORTS.heard.poll()) {
            reports.add(report);
        }
        return reports;
    }

    private static final class Reports extends AppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent report) {
            heard.add(report.getFormattedMessage());
        }
    }
}
