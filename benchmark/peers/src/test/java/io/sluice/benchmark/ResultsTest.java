package io.sluice.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.standalone.bench.Figures;
import io.sluice.standalone.bench.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static Measurement measured(int repetition, Contender contender, double rate, long lost) {
        return Measurement.of(
                repetition,
                Workload.NOOP,
                contender,
                new Figures(
                        "noop",
                        contender.toString(),
                        new Figures.Speed(1, 1_000, 1_000 / rate, rate, null),
                        new Figures.Cost(0.5, 64),
                        new Figures.Runs(1, 0, lost),
                        null));
    }

    private static List<String> line(String table, Contender contender) {
        return table.lines()
                .filter(line -> line.startsWith(contender + " "))
                .map(line -> List.of(line.split(" {2,}")))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void comparesTheMediansNotTheMeans() {
        String table = Results.of(List.of(
                measured(1, Contender.SLUICE, 300, 0),
                measured(1, Contender.BARE, 400, 0),
                measured(2, Contender.SLUICE, 10, 0),
                measured(2, Contender.BARE, 390, 0),
                measured(3, Contender.SLUICE, 310, 0),
                measured(3, Contender.BARE, 4_000, 0)));

        assertThat(line(table, Contender.SLUICE))
                .startsWith("sluice", "300", "10–310")
                .endsWith("1.00");
        assertThat(line(table, Contender.BARE))
                .startsWith("bare", "400", "390–4000")
                .endsWith("0.75");
    }

    @Test
    void oneLostTaskShowsHoweverManyRepetitionsLoseNone() {
        String table = Results.of(List.of(
                measured(1, Contender.VERTX, 100, 0),
                measured(2, Contender.VERTX, 100, 3),
                measured(3, Contender.VERTX, 100, 0)));

        assertThat(line(table, Contender.VERTX)).endsWith("3", "64", "–");
    }

    @Test
    void whatFailedIsSaidWithItsLastWordsAndTheRestIsStillThere() {
        String table = Results.of(List.of(
                measured(1, Contender.SLUICE, 100, 0),
                Measurement.failed(
                        1,
                        Workload.NOOP,
                        Contender.SPRING,
                        "the process of spring has ended with exit code 1: no room")));

        assertThat(table)
                .contains("spring failed, repetition 1: the process of spring has ended with exit code 1: no room");
        assertThat(line(table, Contender.SLUICE)).startsWith("sluice", "100");
    }
}
