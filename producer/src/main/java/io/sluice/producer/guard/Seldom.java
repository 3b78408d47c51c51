package io.sluice.producer.guard;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Says at most once a minute what others can make happen as often as they like. Event loop. */
final class Seldom {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final Logger log;
    private final LongSupplier nanoTime;
    private long count;
    private boolean said;
    private long saidAt;

    Seldom(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** @param what happened, in a sentence without its end; how often since it was said last is added */
    void warn(String what) {
        count++;
        long now = nanoTime.getAsLong();
        if (!said || now - saidAt >= PAUSE) {
            log.warn("{} ({} since this was last said)", what, count);
            said = true;
            saidAt = now;
            count = 0;
        }
    }
}
