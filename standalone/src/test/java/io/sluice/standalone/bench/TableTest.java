package io.sluice.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Figures FULL = new Figures(
            "latency",
            "sluice",
            new Figures.Speed(4, 1_000_000, 12.345, 81_004.5, 0.98765),
            new Figures.Cost(0.456, 222.6),
            new Figures.Runs(100, 12_345, 7),
            new Figures.Latency(1.23, 45.67, 890.12, 12_345.67));
    private static final Figures SCANTY = new Figures(
            "noop",
            "sluice",
            new Figures.Speed(1, 5, 0.004, 1.5, null),
            new Figures.Cost(null, 9),
            new Figures.Runs(1, 0, 0),
            null);

    @Test
    void columnsLineUp() {
        List<String> lines = Table.of(List.of(FULL, SCANTY)).lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines).extracting(String::length).containsOnly(lines.get(0).length());
        assertThat(lines.get(0)).startsWith("workload  consumers").endsWith("max ms");
        // Every figure ends where its heading ends.
        assertThat(lines.get(1).substring(0, lines.get(0).indexOf("tasks") + "tasks".length()))
                .endsWith(" 1000000");
        assertThat(lines.get(2).substring(0, lines.get(0).indexOf("of ideal") + "of ideal".length()))
                .endsWith(" –");
    }

    @Test
    void figuresAreRoundedAndAbsentOnesAreADash() {
        List<String> lines = Table.of(List.of(FULL, SCANTY)).lines().toList();

        assertThat(lines.get(1).split(" {2,}"))
                .containsExactly(
                        "latency", "4", "1000000", "12.35", "81005", "0.988", "0.46", "223", "100", "12345", "7", "1.2",
                        "45.7", "890.1", "12345.7");
        assertThat(lines.get(2).split(" {2,}"))
                .containsExactly("noop", "1", "5", "0.00", "2", "–", "–", "9", "1", "0", "0", "–", "–", "–", "–");
    }

    @Test
    void withoutFiguresThereIsOnlyTheHeading() {
        assertThat(Table.of(List.of()).lines()).hasSize(1);
    }
}
