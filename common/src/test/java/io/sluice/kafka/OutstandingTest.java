package io.sluice.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutstandingTest {
    private final Outstanding<One> outstanding = new Outstanding<>();

    @Test
    void theOldestIsTheFirstThatWasNotAnswered() {
        assertThat(outstanding.oldest()).isNull();
        One first = given();
        One second = given();
        One third = given();
        second.answered = true;
        assertThat(outstanding.oldest()).isSameAs(first);
        first.answered = true;
        assertThat(outstanding.oldest()).isSameAs(third);
        third.answered = true;
        assertThat(outstanding.oldest()).isNull();
        assertThat(outstanding.size()).isZero();
    }

    @Test
    void whatIsAnsweredBehindOneThatIsNotIsForgotten() {
        One stuck = given();
        for (int i = 0; i < 1_000_000; i++) {
            given().answered = true;
        }
        assertThat(outstanding.size()).isLessThanOrEqualTo(1_001);
        assertThat(outstanding.oldest()).isSameAs(stuck);
    }

    private One given() {
        One one = new One();
        outstanding.add(one);
        return one;
    }

    private static final class One implements Outstanding.Answerable {
        private boolean answered;

        @Override
        public boolean isAnswered() {
            return answered;
        }
    }
}
