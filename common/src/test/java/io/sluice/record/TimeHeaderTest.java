package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class TimeHeaderTest {
    @Test
    void saysTheTimeOfNow() {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);

        Instant said = Instant.parse(HeaderNames.text(TimeHeader.now()));

        assertThat(said).isBetween(before, Instant.now());
        assertThat(TimeHeader.now().key()).isEqualTo("ce_time");
    }

    @Test
    void keepsWhatItMadeOfOneMillisecondAndMakesAnotherForTheNext() {
        assertThat(TimeHeader.at(1_000)).isSameAs(TimeHeader.at(1_000));
        assertThat(HeaderNames.text(TimeHeader.at(1_001))).isEqualTo("1970-01-01T00:00:01.001Z");
        assertThat(HeaderNames.text(TimeHeader.at(1_000))).isEqualTo("1970-01-01T00:00:01Z");
    }
}
