package io.sluice.record;

import static io.sluice.record.Records.consumed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TripTest {
    private static Headers headers(String... namesAndValues) {
        return consumed("{}", namesAndValues).headers();
    }

    private static Headers copy(String name, String value) {
        return headers(
                "sluice-origin-topic",
                "tasks",
                "sluice-origin-partition",
                "2",
                "sluice-origin-offset",
                "7",
                "sluice-moves",
                "1",
                name,
                value);
    }

    @Test
    void anOriginalHasTheEmptyTrip() throws Undecodable {
        assertThat(Trip.read(headers("ce_id", "a", "sluice-x", "b"))).isSameAs(Trip.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sluice-attempts      | -1                                            | no number from 0 to 1000000000
            sluice-attempts      | ''                                            | no number from 0 to 1000000000
            sluice-counted       | many                                          | no number from 0 to 1000000000
            sluice-redrives      | 2147483647                                    | no number from 0 to 1000000000
            sluice-moves         | 99999999999999999999999999                    | no number from 0 to 1000000000
            sluice-due           | soon                                          | no RFC 3339 time
            sluice-due           | +1000000000-12-31T23:59:59.999999999Z         | no RFC 3339 time
            sluice-due           | -0001-01-01T00:00:00Z                         | no RFC 3339 time
            sluice-first-start   | 1790000000                                    | no RFC 3339 time
            sluice-first-failure | 2026-02-30T00:00:00Z                          | no RFC 3339 time
            sluice-last-failure  | ''                                            | no RFC 3339 time
            sluice-stray         | yes                                           | neither true nor false
            """)
    void aValueThatIsUnreadableIsRefusedByItsName(String name, String value, String message) {
        assertThatThrownBy(() -> Trip.read(copy(name, value)))
                .isInstanceOf(Undecodable.class)
                .hasMessageStartingWith(name + " is '" + value + "', which is ")
                .hasMessageEndingWith(message);
        assertThatThrownBy(() -> Envelope.read(consumed("{}", name, value), "fetch"))
                .isInstanceOf(Undecodable.class)
                .hasMessageStartingWith(name);
    }

    @Test
    void aRefusalIsOneShortLineWhateverTheInput() {
        assertThatThrownBy(() -> Trip.read(copy("sluice-due", "a\nb\r\u0000\u0085\u2028" + "x".repeat(10_000))))
                .isInstanceOf(Undecodable.class)
                .message()
                .hasLineCount(1)
                .hasSizeLessThan(150);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            sluice-origin-topic, ''
            sluice-origin-partition, ''
            sluice-origin-partition, -1
            sluice-origin-partition, 2147483648
            sluice-origin-offset, -7
            sluice-origin-offset, 9223372036854775808
            sluice-origin-offset, seven
            """)
    void anOriginCountsOnlyWhenAllOfItIsReadable(String name, String value) throws Undecodable {
        assertThat(Trip.read(copy(name, value))).isEqualTo(Trip.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sluice-origin-topic", "sluice-origin-partition", "sluice-origin-offset"})
    void anOriginCountsOnlyWhenItIsWhole(String missing) throws Undecodable {
        Headers headers = copy("sluice-moves", "4");
        headers.remove(missing);

        assertThat(Trip.read(headers)).isEqualTo(Trip.NONE);
    }

    @Test
    void anOriginAloneMakesNoCopy() throws Undecodable {
        assertThat(Trip.read(copy("sluice-moves", "0"))).isEqualTo(Trip.NONE);
        assertThat(Trip.read(copy("sluice-redrives", "1")).isCopy()).isTrue();
    }

    @Test
    void anOriginMayLackItsTimestamp() throws Undecodable {
        Origin unknown = new Origin("tasks", 2, 7, ConsumerRecord.NO_TIMESTAMP);

        assertThat(Trip.read(copy("x", "y")).origin()).isEqualTo(unknown);
        assertThat(Trip.read(copy("sluice-origin-timestamp", "-5")).origin()).isEqualTo(unknown);
    }

    @Test
    void theAttemptsOfARecordThatIsNoCopyAreAnothers() throws Undecodable {
        Trip trip = Trip.read(headers(
                "sluice-attempts",
                "3",
                "sluice-counted",
                "2",
                "sluice-first-start",
                "2026-11-22T10:00:00Z",
                "sluice-moves",
                "9"));

        assertThat(trip).isEqualTo(Trip.NONE);
    }

    @Test
    void ofHeadersThatRepeatTheLastCounts() throws Undecodable {
        Headers headers = copy("sluice-attempts", "3");
        headers.add("sluice-attempts", "5".getBytes(UTF_8));

        assertThat(Trip.read(headers).tries().made()).isEqualTo(5);
    }

    @Test
    void aHeaderWithoutAValueIsAMissingOne() throws Undecodable {
        Headers headers = headers();
        headers.add("sluice-due", null);

        assertThat(Trip.read(headers)).isEqualTo(Trip.NONE);
        assertThat(Trip.due(headers)).isNull();
    }

    @Test
    void theDueTimeIsReadAlone() throws Undecodable {
        String due = "2026-11-22T10:00:00Z";

        assertThat(Trip.due(headers("sluice-due", due, "sluice-attempts", "many")))
                .isEqualTo(Instant.parse(due));
        assertThat(Trip.due(headers("ce_notbefore", due))).isNull();
        assertThatThrownBy(() -> Trip.due(headers("sluice-due", "soon"))).isInstanceOf(Undecodable.class);
    }

    @Test
    void aDeadLetterSentAgainIsDueAtOnceHoweverUnreadableItsFirstTripWas() throws Undecodable {
        Headers headers = copy("sluice-due", "soon");
        headers.add("sluice-attempts", "many".getBytes(UTF_8));
        headers.add("sluice-reason", "undecodable".getBytes(UTF_8));

        assertThat(Trip.due(headers)).isNull();
        assertThat(Trip.read(headers).redrives()).isEqualTo(1);
    }

    @Test
    void evenAnUnreadableTripHasItsOriginAndItsId() {
        ConsumerRecord<byte[], byte[]> record =
                consumed("{}", "sluice-id", "t-1", "ce_id", "other", "sluice-due", "soon");
        copy("sluice-redrives", "4").forEach(record.headers()::add);

        Envelope envelope = Envelope.ofUndecodable(record, "fetch");

        assertThat(envelope.id(record)).isEqualTo("t-1");
        assertThat(envelope.trip().originOf(record)).isEqualTo(new Origin("tasks", 2, 7, ConsumerRecord.NO_TIMESTAMP));
        assertThat(envelope.trip().redrives()).isEqualTo(4);
    }

    @Test
    void noNumberOverflowsHoweverLargeItIs() throws Undecodable {
        Headers most = copy("sluice-redrives", "1000000000");
        most.add("sluice-reason", "exhausted".getBytes(UTF_8));
        Trip moved = Trip.read(copy("sluice-moves", "1000000000")).moved(new Origin("tasks", 0, 0, 0));

        assertThat(Trip.read(most).redrives()).isEqualTo(1_000_000_000);
        assertThat(moved.moves()).isEqualTo(1_000_000_000);
    }

    @Test
    void theDueTimeOfTheTripGoesBeforeTheTasksOwn() throws Undecodable {
        String early = "2026-11-22T10:00:00Z";
        String late = "2026-11-22T11:00:00Z";

        assertThat(Envelope.read(consumed("{}", "ce_notbefore", early), "fetch").due())
                .isEqualTo(early);
        assertThat(Envelope.read(consumed("{}", "ce_notbefore", early, "sluice-due", late), "fetch")
                        .due())
                .isEqualTo(late);
    }
}
