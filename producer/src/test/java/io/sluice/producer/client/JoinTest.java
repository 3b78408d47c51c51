package io.sluice.producer.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JoinTest {
    private final Join join = new Join();

    @Test
    void itEndsWhenEveryTaskHasItsResult() {
        join.expect("a");
        join.expect("b");
        Future<Void> end = join.seal();
        join.settle(List.of(result("a", true)));
        assertThat(end.isComplete()).isFalse();
        assertThat(join.missing()).containsExactly("b");
        join.settle(List.of(result("b", false)));
        assertThat(end.succeeded()).isTrue();
        assertThat(join.done()).isEqualTo(2);
        assertThat(join.failed()).isEqualTo(1);
        assertThat(join.missing()).isEmpty();
    }

    @Test
    void itDoesNotEndBeforeItIsSealed() {
        join.expect("a");
        join.settle(List.of(result("a", true)));
        join.expect("b");
        Future<Void> end = join.seal();
        assertThat(end.isComplete()).isFalse();
        join.settle(List.of(result("b", true)));
        assertThat(end.succeeded()).isTrue();
    }

    @Test
    void aDuplicateCountsOnceAndAnothersResultNotAtAll() {
        join.expect("a");
        TaskResult first = result("a", true);
        assertThat(join.settle(List.of(first, result("a", false), result("stranger", true))))
                .containsExactly(first);
        assertThat(join.settle(List.of(result("a", false)))).isEmpty();
        assertThat(join.done()).isEqualTo(1);
        assertThat(join.failed()).isZero();
    }

    @Test
    void aTaskThatCouldNotBeSubmittedIsForgotten() {
        join.expect("a");
        Future<Void> end = join.seal();
        join.forget("a");
        assertThat(end.succeeded()).isTrue();
        assertThat(join.done()).isZero();
    }

    @Test
    void nothingToWaitForIsOverAtOnce() {
        assertThat(join.seal().succeeded()).isTrue();
    }

    @Test
    void theSameIdTwiceIsOneTask() {
        assertThat(join.expect("a")).isTrue();
        assertThat(join.expect("a")).isFalse();
    }

    @Test
    void whatItWaitsForCanBeKnownFromTheBeginning() {
        Join known = new Join(new HashSet<>(Set.of("a", "b")));
        Future<Void> end = known.seal();
        assertThat(known.isSealed()).isTrue();
        known.settle(List.of(result("a", true), result("c", true)));
        assertThat(end.isComplete()).isFalse();
        known.settle(List.of(result("b", true)));
        assertThat(end.succeeded()).isTrue();
        assertThat(known.done()).isEqualTo(2);
    }

    @Test
    void afterTheSealNoTaskIsTaken() {
        Future<Void> unused = join.seal();
        assertThatThrownBy(() -> join.expect("a")).isInstanceOf(IllegalStateException.class);
    }

    private static TaskResult result(String id, boolean succeeded) {
        return new TaskResult(id, "fetch", succeeded, 1, "{}".getBytes(UTF_8));
    }
}
