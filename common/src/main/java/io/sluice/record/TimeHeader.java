package io.sluice.record;

import java.time.Instant;
import org.apache.kafka.common.header.Header;

/**
 * {@code ce_time} of what is made now, to the millisecond. The header is kept while the millisecond lasts: to write a time
 * as text costs more than all else of a result. Any thread.
 */
final class TimeHeader {
    private record Made(long millis, Header header) {
        static Made of(long millis) {
            String time = Instant.ofEpochMilli(millis).toString();
            return new Made(millis, HeaderNames.header(HeaderNames.TIME, time));
        }
    }

    private static volatile Made last = Made.of(0);

    private TimeHeader() {}

    static Header now() {
        return at(System.currentTimeMillis());
    }

    static Header at(long millis) {
        Made made = last;
        if (made.millis() != millis) {
            made = Made.of(millis);
            last = made;
        }
        return made.header();
    }
}
