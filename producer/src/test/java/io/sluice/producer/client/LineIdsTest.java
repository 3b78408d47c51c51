package io.sluice.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineIdsTest {
    private final Set<String> others = new HashSet<>();
    private final LineIds ids = new LineIds("file-", new BitSet(), others);

    @Test
    void itIsASetLikeAnyOther() {
        Random random = new Random(1);
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            String id = (random.nextBoolean() ? "file-" : "own-") + random.nextInt(500);
            if (random.nextInt(3) > 0) {
                assertThat(ids.add(id)).as(id).isEqualTo(expected.add(id));
            } else {
                assertThat(ids.remove(id)).as(id).isEqualTo(expected.remove(id));
            }
            assertThat(ids.contains(id)).as(id).isEqualTo(expected.contains(id));
            assertThat(ids.size()).isEqualTo(expected.size());
        }
        assertThat(ids).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(others)
                .as("those of lines are only bits")
                .noneMatch(id -> id.startsWith("file-") && !id.endsWith("-0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file-01",
                "file-",
                "file-1x",
                "file-99999999999",
                "file-2147483647",
                "file--1",
                "file",
                "",
                "file-٣"
            })
    void whatOnlyLooksLikeALinesIdIsKeptAsItIs(String id) {
        assertThat(ids.add(id)).isTrue();
        assertThat(ids.add(id)).isFalse();
        assertThat(others).containsExactly(id);
        assertThat(ids).containsExactly(id);
        assertThat(ids.remove(id)).isTrue();
        assertThat(ids).isEmpty();
    }

    @Test
    void whatItIsGivenAtTheBeginningIsInIt() {
        BitSet lines = new BitSet();
        lines.set(3);
        LineIds given = new LineIds("file-", lines, new HashSet<>(Set.of("own")));

        assertThat(given).containsExactlyInAnyOrder("file-3", "own").hasSize(2);
    }
}
