package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.handler.PermanentFailure;
import io.sluice.management.Check;
import io.sluice.settings.Limits;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a consumer says of its health, by a clock of the test's. */
class HealthTest {
    private static final Duration LONGEST_HANDOVER = Duration.ofMinutes(5);
    private static final Health.Bounds BOUNDS = Health.Bounds.of(Duration.ofMinutes(1), LONGEST_HANDOVER);

    private final PollBench poll = new PollBench();
    private final Bench bench = poll.bench;
    private final Health health =
            new Health(bench.dispatcher, poll.pollLoop, poll.source, bench.fence, bench.loop, BOUNDS);

    @BeforeEach
    void start() {
        bench.loop.on(health::start);
        poll.pass(Duration.ofSeconds(2));
    }

    /** The names of the checks that fail. */
    private List<String> faults() {
        return Stream.concat(health.live().stream(), health.ready().stream())
                .filter(check -> !check.ok())
                .map(Check::name)
                .toList();
    }

    private String reason(String name) {
        return Stream.concat(health.live().stream(), health.ready().stream())
                .filter(check -> check.name().equals(name))
                .map(Check::reason)
                .findAny()
                .orElseThrow();
    }

    @Test
    void aConsumerThatTurnsIsLiveAndReady() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 3));
        poll.pass(Duration.ofMinutes(3));

        assertThat(faults()).isEmpty();
        assertThat(reason("group")).isEqualTo("it is a member with 1 partitions");
        assertThat(reason("poll-thread")).isEqualTo("its turn began 0 s ago; 120 s are allowed");
    }

    @Test
    void aMemberIsReadyWithoutAPartitionHoweverLong() {
        poll.pass(Duration.ofMinutes(3));

        assertThat(faults()).isEmpty();
    }

    @Test
    void aPollThreadThatHangsIsToldAfterTwoMinutes() {
        bench.advance(Duration.ofSeconds(119));
        assertThat(health.live()).allMatch(Check::ok);

        bench.advance(Duration.ofSeconds(2));

        assertThat(health.live())
                .filteredOn(check -> !check.ok())
                .containsExactly(new Check("poll-thread", false, "its turn began 121 s ago; 120 s are allowed"));
    }

    @Test
    void whileItGivesPartitionsBackItMayTakeAsLongAsTheGroupWaits() {
        poll.pollLoop.signs().handsOver(true);
        bench.advance(LONGEST_HANDOVER);
        assertThat(health.live()).allMatch(Check::ok);

        bench.advance(Duration.ofSeconds(1));

        assertThat(faults()).contains("poll-thread");
        assertThat(reason("poll-thread"))
                .isEqualTo("its turn began 301 s ago, to give partitions back; 300 s are allowed");
    }

    @Test
    void whatFollowsALongHandoverInItsTurnIsMeasuredFromItsEnd() {
        poll.pollLoop.signs().handsOver(true);
        bench.advance(Duration.ofSeconds(250));
        poll.pollLoop.signs().handsOver(false);
        bench.advance(Duration.ofMinutes(2));
        assertThat(health.live()).allMatch(Check::ok);

        bench.advance(Duration.ofSeconds(1));

        assertThat(health.live())
                .filteredOn(check -> !check.ok())
                .containsExactly(
                        new Check("poll-thread", false, "it gave partitions back 121 s ago; 120 s are allowed"));
        poll.turn();
        assertThat(reason("poll-thread")).isEqualTo("its turn began 0 s ago; 120 s are allowed");
    }

    @Test
    void aTurnMayTakeAsLongAsTwoCallsThatBlockAndAHandoverNoLess() {
        Settings defaults = Settings.defaults();
        Settings patient = new Settings(
                Map.of("bootstrap.servers", "localhost:9092", "default.api.timeout.ms", "180000"),
                defaults.topic(),
                defaults.defaultType(),
                defaults.consumer(),
                defaults.producer(),
                Map.of());

        assertThat(Health.Bounds.of(patient.apiTimeout(), patient.maxPollInterval()))
                .isEqualTo(new Health.Bounds(Duration.ofMinutes(6), Duration.ofMinutes(6)));
        assertThat(Health.Bounds.of(defaults.apiTimeout(), defaults.maxPollInterval()))
                .isEqualTo(new Health.Bounds(Duration.ofMinutes(2), Duration.ofMinutes(5)));
        assertThat(Health.Bounds.of(Duration.ofSeconds(5), Duration.ofMinutes(5))
                        .turn())
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aHandoverSaysSoWhileItLastsAndNotAfterwards() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 1));
        poll.turn();
        boolean[] during = new boolean[1];
        bench.loop.on(() -> bench.loop.after(
                Duration.ofSeconds(1), () -> during[0] = poll.pollLoop.signs().isHandingOver()));
        poll.source.revoke(0);
        poll.turn();

        assertThat(during[0]).isTrue();
        assertThat(poll.pollLoop.signs().isHandingOver()).isFalse();
    }

    @Test
    void aBlockedEventLoopIsToldWithoutAskingIt() {
        bench.loop.advanceInside(Duration.ofSeconds(20));
        assertThat(faults()).doesNotContain("event-loop");

        bench.loop.advanceInside(Duration.ofSeconds(2));

        assertThat(faults()).contains("event-loop");
        bench.advance(Duration.ofSeconds(1));
        assertThat(faults()).doesNotContain("event-loop");
    }

    @Test
    void oneMoreStuckAttemptThanAllowedIsTooMany() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 11));
        poll.pass(Duration.ofSeconds(10));

        assertThat(faults()).containsExactly("stuck");
        assertThat(reason("stuck"))
                .isEqualTo("11 attempts ignore their cancellation and keep their permits; 10 are allowed");

        poll.succeed(0);
        poll.pass(Duration.ofSeconds(2));
        assertThat(faults()).isEmpty();
    }

    @Test
    void aBrokerThatIsAwayIsToldWithinSeventeenSecondsAndSoIsItsReturn() {
        poll.source.away(true);
        poll.pass(Duration.ofSeconds(14));
        assertThat(faults()).isEmpty();

        poll.pass(Duration.ofSeconds(3));
        assertThat(faults()).containsExactly("broker");

        poll.source.away(false);
        poll.turn();
        assertThat(faults()).isEmpty();
    }

    @Test
    void aConsumerOutsideItsGroupIsNotReady() {
        poll.source.join(false);
        poll.pass(Duration.ofSeconds(1));

        assertThat(faults()).containsExactly("group");
        assertThat(reason("group")).isEqualTo("it has not joined the group yet");
    }

    @Test
    void oneWhoseMembershipIsUnprovenForTooLongIsNotReady() {
        poll.assign(0);
        poll.source.failCommits(() -> new TimeoutException("no answer"));
        poll.pass(TestSettings.FENCE_AFTER.plusSeconds(1));

        assertThat(faults()).containsExactly("group");

        poll.source.failCommits(null);
        poll.turns();
        assertThat(faults()).isEmpty();
    }

    @Test
    void oneThatDrainsIsLiveAndNotReady() {
        poll.assign(0);
        health.leaves();

        assertThat(faults()).containsExactly("group");
        assertThat(reason("group")).isEqualTo("it drains and leaves the group, with 1 partitions");
    }

    @Test
    void recordsThatNobodyAcknowledgesAreToldAfterTenSeconds() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 2));
        poll.turn();
        bench.sink.hold();
        poll.succeed(0);
        poll.pass(Duration.ofSeconds(9));
        poll.succeed(1);
        assertThat(faults()).isEmpty();

        poll.pass(Duration.ofSeconds(3));
        assertThat(faults()).containsExactly("sink");
        assertThat(reason("sink")).startsWith("2 tasks wait for their records to be acknowledged, none was for 1");

        bench.sink.letGo();
        poll.turn();
        assertThat(faults()).isEmpty();
    }

    @Test
    void aRecordThatIsRefusedIsToldThoughOthersAreTaken() {
        poll.assign(0);
        poll.source.write(PollBench.records(0, 1));
        poll.turn();
        bench.sink.refuse(record ->
                record.topic().equals(TestSettings.DEAD_LETTERS) ? new AuthorizationException("not allowed") : null);
        bench.fail(0, new PermanentFailure("no"));
        for (int second = 1; second <= 13; second++) {
            poll.source.write(PollBench.records(second, second + 1));
            poll.turn();
            poll.succeed(second);
            bench.advance(Duration.ofSeconds(1));
            if (second < 10) {
                assertThat(faults()).isEmpty();
            }
        }

        assertThat(health.ready())
                .filteredOn(check -> !check.ok())
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.name()).isEqualTo("sink");
                    assertThat(check.reason()).contains("none was for 0 s; 1 records are refused, for 1");
                });

        bench.sink.refuseNothing();
        poll.pass(Duration.ofSeconds(20));
        assertThat(health.ready()).allMatch(Check::ok);
    }

    @Test
    void aSinkWithoutRoomTakesNoMore() {
        Bench full = new Bench(new Limits(20_000, 20_000));
        Health its = new Health(full.dispatcher, poll.pollLoop, poll.source, full.fence, full.loop, BOUNDS);
        full.sink.hold();
        full.feed(full.partition(0), PollBench.records(0, 10_000));
        for (int offset = 0; offset < 10_000; offset++) {
            full.succeed(offset);
        }

        assertThat(its.ready())
                .filteredOn(check -> check.name().equals("sink"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.ok()).isFalse();
                    assertThat(check.reason())
                            .startsWith(
                                    "10000 tasks wait for their records to be acknowledged, which is as many as there is");
                });
    }
}
