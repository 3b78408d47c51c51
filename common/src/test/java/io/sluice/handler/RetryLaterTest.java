package io.sluice.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryLaterTest {
    private final RetryLater later = new RetryLater(Duration.ofSeconds(7), "429");

    @Test
    void itHoldsItsOwnTaskAlone() {
        assertThat(later.holdsKey()).isFalse();
    }

    @Test
    void forTheKeyItIsTheSameButHoldsTheWholeKey() {
        Exception cause = new IllegalStateException("the server said so");
        later.initCause(cause);

        RetryLater forKey = later.forKey();

        assertThat(forKey.holdsKey()).isTrue();
        assertThat(forKey.delay()).isEqualTo(later.delay());
        assertThat(forKey).hasMessage("429").hasCause(cause);
        assertThat(later.holdsKey()).isFalse();
    }

    @Test
    void theStackTraceIsOfWhereItWasMade() {
        assertThat(later.forKey().getStackTrace()).isEqualTo(later.getStackTrace());
    }

    @Test
    void aNegativeDelayIsRefused() {
        assertThatThrownBy(() -> new RetryLater(Duration.ofMillis(-1), "429"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
