package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WaitingTest {
    @Test
    void whoWaitsAgainAndAgainLeavesNothingBehind() {
        CompletableFuture<String> future = new CompletableFuture<>();

        for (int i = 0; i < 100; i++) {
            assertThat(Waiting.atMost(Duration.ofNanos(1), future)).isFalse();
        }

        assertThat(future.getNumberOfDependents()).isZero();
        future.completeExceptionally(new IllegalStateException("on purpose"));
        assertThat(Waiting.atMost(Duration.ofNanos(1), future)).isTrue();
    }
}
