package io.sluice.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void anOddNumberOfRepetitionsHasAMiddleOne() {
        assertThat(Spread.of(List.of(30, 10, 20), figure -> figure)).contains(new Spread(10, 20, 30));
    }

    @Test
    void anEvenNumberHasTheMeanOfTheTwoInTheMiddle() {
        assertThat(Spread.of(List.of(40, 10, 30, 20), figure -> figure)).contains(new Spread(10, 25, 40));
    }

    @Test
    void repetitionsWithoutTheFigureDoNotCount() {
        assertThat(Spread.of(Arrays.asList(7, null), figure -> figure)).contains(new Spread(7, 7, 7));
        assertThat(Spread.of(Arrays.asList((Integer) null), figure -> figure)).isEmpty();
    }
}
