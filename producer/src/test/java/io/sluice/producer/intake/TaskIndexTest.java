package io.sluice.producer.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Receipt;
import io.sluice.record.TaskResult;
import io.sluice.settings.IndexSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TaskIndexTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private final Ticking clock = new Ticking();

    private TaskIndex index(int tasks, int bytes) {
        return new TaskIndex(new IndexSettings(tasks, bytes, Duration.ofMinutes(10)), clock);
    }

    @Test
    void aTaskIsKnownFromItsSubmissionOn() {
        TaskIndex index = index(10, 10_000);
        Promise<Receipt> receipt = Promise.promise();
        index.submitted("a", "mail", 1, receipt.future());
        assertThat(state(index, "a")).isEqualTo("submitting");
        receipt.complete(new Receipt("a", "tasks"));
        assertThat(state(index, "a")).isEqualTo("accepted");
        index.settled(result("a", 5));
        assertThat(state(index, "a")).isEqualTo("succeeded");
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void aTaskThatTheBrokerDidNotTakeIsForgotten() {
        TaskIndex index = index(10, 10_000);
        Promise<Receipt> receipt = Promise.promise();
        index.submitted("a", "mail", 1, receipt.future());
        receipt.fail("gone");
        assertThat(index.find("a")).isNull();
        index.submitted("b", "mail", 1, Future.failedFuture("at once"));
        assertThat(index.find("b")).isNull();
    }

    @Test
    void aLateRefusalDoesNotForgetTheTaskThatCameAfterIt() {
        TaskIndex index = index(10, 10_000);
        Promise<Receipt> first = Promise.promise();
        index.submitted("a", "mail", 1, first.future());
        index.submitted("a", "mail", 1, Future.succeededFuture(new Receipt("a", "tasks")));
        first.fail("gone");
        assertThat(state(index, "a")).isEqualTo("accepted");
    }

    @Test
    void theSameTaskIsToldFromAnotherWithItsId() {
        TaskIndex index = index(10, 10_000);
        Future<Receipt> receipt = Future.succeededFuture(new Receipt("a", "tasks"));
        assertThat(index.earlier("a", 1)).isNull();
        index.submitted("a", "mail", 1, receipt);
        index.settled(result("a", 5));
        assertThat(index.earlier("a", 1)).isSameAs(receipt);
        assertThat(index.earlier("a", 2))
                .isNotNull()
                .satisfies(other -> assertThat(other.cause()).isInstanceOf(IdReused.class));
    }

    @Test
    void aTaskOfWhichOnlyTheResultIsKnownDidNotComeInHere() {
        TaskIndex index = index(10, 10_000);
        index.settled(result("a", 5));
        assertThat(index.earlier("a", 1)).isNull();
    }

    @Test
    void theOneThatWasHeardOfLongestAgoGoesFirst() {
        TaskIndex index = index(2, 10_000);
        index.readSince(START.minusSeconds(60));
        index.settled(result("a", 5));
        clock.tick(1);
        index.settled(result("b", 5));
        clock.tick(1);
        index.settled(result("a", 5));
        clock.tick(1);
        index.settled(result("c", 5));
        assertThat(index.find("b")).isNull();
        assertThat(index.find("a")).isNotNull();
        assertThat(index.knowsSince()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void allTogetherTakesNoMoreThanItsBytes() {
        TaskIndex index = index(100, 10_000);
        for (int i = 0; i < 20; i++) {
            index.settled(result("r" + i, 3_000));
            clock.tick(1);
        }
        assertThat(index.size()).isEqualTo(3);
        index.settled(result("r19", 9_000));
        assertThat(index.size()).isEqualTo(1);
        index.settled(result("large", 10_001));
        assertThat(index.size()).isZero();
        for (int i = 0; i < 20; i++) {
            index.settled(result("long name".repeat(100) + i, 1));
        }
        assertThat(index.size()).isEqualTo(4);
    }

    @Test
    void whatIsOlderThanTheWindowIsNotKnown() {
        TaskIndex index = index(10, 10_000);
        index.readSince(START.minusSeconds(600));
        index.settled(result("a", 5));
        clock.tick(600);
        assertThat(index.find("a")).isNotNull();
        clock.tick(1);
        assertThat(index.find("a")).isNull();
        assertThat(index.knowsSince()).isEqualTo(START.plusSeconds(1));
    }

    @Test
    void nothingIsKnownForSureUntilTheResultsAreRead() {
        TaskIndex index = index(10, 10_000);
        index.settled(result("a", 5));
        assertThat(index.knowsSince()).isNull();
        index.readSince(START);
        assertThat(index.knowsSince()).isEqualTo(START);
    }

    private static String state(TaskIndex index, String id) {
        Known known = index.find(id);
        return known == null ? "unknown" : known.state();
    }

    private static TaskResult result(String id, int bytes) {
        return new TaskResult(id, "mail", true, 1, "1".repeat(bytes).getBytes(UTF_8));
    }

    private static final class Ticking extends Clock {
        private Instant now = START;

        void tick(int seconds) {
            now = now.plusSeconds(seconds);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
