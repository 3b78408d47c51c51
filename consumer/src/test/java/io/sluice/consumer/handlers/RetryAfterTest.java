package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | PT7S",
                "' 120 ' | PT2M",
                "0 | PT1S",
                "86400 | PT1H",
                "99999999999999999999 | PT1H",
                "Sun, 06 Nov 1994 08:49:37 GMT | PT37S",
                "Sun, 06 Nov 1994 08:00:00 GMT | PT1S",
                "Mon, 07 Nov 1994 08:49:37 GMT | PT1H"
            })
    void secondsAndDatesAreReadAndBounded(String header, Duration delay) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(delay);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "٣"})
    void whatCannotBeReadIsAsIfItWereNotThere(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }

    @Test
    void noHeaderIsNoDelay() {
        assertThat(RetryAfter.parse(null, NOW)).isNull();
    }
}
