package io.sluice.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Has {@link LogFields} put before Logback makes a line; decides nothing about the line. Any thread. */
final class FieldsWhenLogged extends TurboFilter {
    private FieldsWhenLogged() {}

    /**
     * Asks to be told of each line from here on, whatever the log is configured to.
     *
     * @return false if the log is not Logback
     * @throws LinkageError if there is no Logback
     */
    static boolean attach() {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return false;
        }
        attach(context);
        return true;
    }

    static void attach(LoggerContext context) {
        FieldsWhenLogged filter = new FieldsWhenLogged();
        filter.setName("fields of log lines");
        filter.setContext(context);
        filter.start();
        context.addTurboFilter(filter);
        context.addListener(new AfterReset(filter));
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable thrown) {
        if (level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            LogFields.put();
        }
        return FilterReply.NEUTRAL;
    }

    /** A log that is configured anew forgets its filters. */
    private record AfterReset(FieldsWhenLogged filter) implements LoggerContextListener {
        @Override
        public boolean isResetResistant() {
            return true;
        }

        @Override
        public void onReset(LoggerContext context) {
            context.addTurboFilter(filter);
        }

        @Override
        public void onStart(LoggerContext context) {}

        @Override
        public void onStop(LoggerContext context) {}

        @Override
        public void onLevelChange(Logger logger, Level level) {}
    }
}
