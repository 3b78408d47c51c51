package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @ValueSource(strings = {"1ms", "1500ms", "90s", "1m", "36h", "2d", "999999999d"})
    void whatIsFormattedIsParsedToTheSame(String text) {
        assertThat(Durations.parse(text).map(Durations::format)).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"60s, 1m", "1000ms, 1s", "24h, 1d", "0s, 0ms", "PT0.5S, 500ms", "PT0.0000001S, PT0.0000001S"})
    void theLargestUnitThatDividesIsShown(String text, String shown) {
        assertThat(Durations.parse(text).map(Durations::format)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "1.5s", "5S", "1h30m", "9999999999d", "P"})
    void nothingElseIsADuration(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE})
    void evenTheLongestCanBeShown(long seconds) {
        assertThat(Durations.format(Duration.ofSeconds(seconds, 500_000_000))).startsWith("PT");
    }
}
