package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The simulator can fail: each broken core breaks the promise that it is named to break, and the core as it is breaks
 * none, also when every read of a settled flag is a moment in which the other threads go on.
 */
class BrokenCoreTest {
    private static final int HISTORIES = 3_000;
    private static final int CONTROL = 500;

    @ParameterizedTest
    @EnumSource
    void eachIsCaught(BrokenCore core) {
        CoreVariant variant = CoreVariant.of(core.patches());
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= HISTORIES; seed++) {
            @Nullable String broken = variant.play(seed);
            if (broken != null && broken.startsWith(core.promise + ":")) {
                return;
            }
            if (broken != null && others.size() < 5) {
                others.add("seed " + seed + " breaks " + broken);
            }
        }
        assertThat(others).as("%s breaks %s", core, core.promise).containsExactly(core.promise);
    }

    @Test
    void theCoreAsItIsBreaksNone() {
        CoreVariant control = CoreVariant.of(List.of(BrokenCore.TORN_READS));
        for (long seed = 1; seed <= CONTROL; seed++) {
            assertThat(control.play(seed)).as("seed %d", seed).isNull();
        }
    }
}
