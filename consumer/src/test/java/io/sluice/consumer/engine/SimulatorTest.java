package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Plays random histories of a whole group and checks P1 to P6 in each. {@code -Dsimulator.histories=1000000} plays more,
 * {@code -Dsimulator.seed=…} begins at another seed.
 */
class SimulatorTest {
    private static final long HISTORIES = Long.getLong("simulator.histories", 20_000);
    private static final long FIRST = Long.getLong("simulator.seed", 1);

    private record Broken(long seed, String how) {}

    @Test
    void everyPromiseIsKeptInEveryHistory() {
        Optional<Broken> broken = LongStream.range(FIRST, FIRST + HISTORIES)
                .parallel()
                .mapToObj(seed -> new Broken(seed, String.valueOf(Simulator.play(seed))))
                .filter(history -> !history.how.equals("null"))
                .findAny();
        assertThat(broken).as(() -> explain(broken)).isEmpty();
    }

    @Test
    void aHistoryIsAFunctionOfItsSeed() {
        for (long seed = FIRST; seed < FIRST + 50; seed++) {
            assertThat(Simulator.trace(seed)).as("seed %d", seed).isEqualTo(Simulator.trace(seed));
        }
    }

    private static String explain(Optional<Broken> broken) {
        return broken.map(history ->
                        """
                        seed %d breaks %s
                        %s
                        Again with:
                        mvn -pl consumer -am test -Dtest=SimulatorTest -Dsurefire.failIfNoSpecifiedTests=false \
                        -Dsimulator.histories=1 -Dsimulator.seed=%d
                        """.formatted(history.seed, history.how, Simulator.trace(history.seed), history.seed))
                .orElse("");
    }
}
