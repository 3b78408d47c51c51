package io.sluice.consumer.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaneKeysTest {
    private final LaneKeys keys = new LaneKeys();

    private static LaneKey key(String text) {
        return new LaneKey(text.getBytes(UTF_8));
    }

    @Test
    void aKeyIsRememberedAsTheFirstThatCameOfItsBytes() {
        LaneKey first = key("example.org");

        assertThat(keys.remember(first)).isSameAs(first);
        assertThat(keys.remember(key("example.org"))).isSameAs(first);
        assertThat(keys.size()).isEqualTo(1);
    }

    @Test
    void keysOfOneHashAreTwo() {
        LaneKey first = keys.remember(key("Aa"));
        LaneKey second = keys.remember(key("BB"));

        assertThat(second).isNotSameAs(first).hasSameHashCodeAs(first);
        keys.forget(first);
        assertThat(keys.remember(key("BB"))).isSameAs(second);
        assertThat(keys.all()).containsExactly(second);
    }

    @Test
    void toForgetAnEqualOneThatIsNotThereForgetsNothing() {
        LaneKey there = keys.remember(key("example.org"));

        keys.forget(key("example.org"));

        assertThat(keys.all()).containsExactly(there);
    }

    @Test
    void whateverComesAndGoesItHoldsWhatAMapWould() {
        Random random = new Random(1);
        Map<String, LaneKey> expected = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            // Grows to some thousand keys and back to few, with many that share a chain.
            String text = Integer.toString(random.nextInt(step < 10_000 ? 5_000 : 50));
            LaneKey known = expected.get(text);
            if (known == null || random.nextInt(3) > 0) {
                LaneKey own = key(text);
                expected.putIfAbsent(text, own);
                assertThat(keys.remember(own)).isSameAs(expected.get(text));
            } else {
                keys.forget(known);
                expected.remove(text);
            }
            assertThat(keys.size()).isEqualTo(expected.size());
        }
        assertThat(keys.all()).containsExactlyInAnyOrderElementsOf(expected.values());
    }
}
