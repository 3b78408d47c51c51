package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.TaskContext;
import io.sluice.record.HeaderNames;
import io.sluice.standalone.Fuzz.Fate;
import io.sluice.standalone.Fuzz.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A thousand records that nobody can take, between as many good ones, on every topic that is read (P6). {@code
 * -Dpoison.seed=…} makes the same again.
 */
class PoisonTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final long seed = Long.getLong("poison.seed", new Random().nextLong());
    private final Set<Integer> taken = ConcurrentHashMap.newKeySet();

    record Order(String item, int count) {}

    private final class Take implements BlockingTaskHandler<Order, String> {
        @Override
        public String type() {
            return Fuzz.TYPE;
        }

        @Override
        public String handle(Order order, TaskContext task) {
            taken.add(order.count());
            return order.item();
        }
    }

    @Test
    void theGoodAreAllDoneAndTheBadAreAllDeadLettersByteForByte() {
        System.out.println("poison: -Dpoison.seed=" + seed);
        try (TestPipeline pipeline = TestPipeline.open(Map.of(
                "SLUICE_DEFAULT_TYPE", Fuzz.TYPE,
                "SLUICE_CONSUMER_UNKNOWN_TYPE_WAIT", "1s",
                // Each costs the event loop a hundred times what a good one does: fewer of them in a turn.
                "SLUICE_KAFKA_MAX_POLL_RECORDS", "50"))) {
            List<Item> items = new Fuzz(seed, pipeline.settings().topics()).items(1_000);
            pipeline.send(items.stream().map(Item::record).toList());

            pipeline.consume(2, () -> List.of(new Take()));

            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(
                            () -> assertThat(GroupLag.of(pipeline.settings())).isEmpty());
            assertThat(unlike(items, Fate.RUN, taken)).isEmpty();
            check(items, pipeline.read(pipeline.settings().topics().deadLetters()));
            assertThat(pipeline.run(List.of(SomeTasks.task("after", Fuzz.TYPE, "a", "{\"item\":\"a\",\"count\":-1}"))))
                    .singleElement()
                    .matches(result -> result.succeeded());
        }
    }

    private static void check(List<Item> items, List<ConsumerRecord<byte[], byte[]>> letters) {
        Map<Integer, Item> byNumber = items.stream()
                .collect(Collectors.toMap(item -> number(item.record().headers()), item -> item));
        List<ConsumerRecord<byte[], byte[]>> whole = letters.stream()
                .filter(letter -> letter.headers().lastHeader(Fuzz.NUMBER) != null)
                .toList();
        assertThat(unlike(
                        items,
                        Fate.DEAD,
                        whole.stream().map(letter -> number(letter.headers())).collect(Collectors.toSet())))
                .isEmpty();
        assertThat(whole).allSatisfy(letter -> {
            Item item = Objects.requireNonNull(byNumber.get(number(letter.headers())));
            ProducerRecord<byte[], byte[]> original = item.record();
            assertThat(letter.value()).as(item.kind()).isEqualTo(original.value());
            assertThat(letter.key()).as(item.kind()).isEqualTo(original.key());
            assertThat(foreign(letter.headers())).as(item.kind()).isEqualTo(foreign(original.headers()));
            assertThat(HeaderNames.text(letter.headers(), HeaderNames.REASON))
                    .as(item.kind())
                    .isIn("undecodable", "payload", "expired", "unknown-type");
        });
        assertThat(letters)
                .hasSize(numbers(items, Fate.DEAD).size()
                        + numbers(items, Fate.REFERENCE).size());
        assertThat(letters)
                .filteredOn(letter -> letter.headers().lastHeader(Fuzz.NUMBER) == null)
                .allSatisfy(letter -> assertThat(new String(letter.value(), UTF_8))
                        .contains("reference", "\"topic\"", "\"partition\"", "\"offset\"", "\"sha256\""));
    }

    /** Those that have another fate. */
    private static List<String> unlike(List<Item> items, Fate fate, Set<Integer> found) {
        return items.stream()
                .filter(item -> found.contains(number(item.record().headers())) != (item.fate() == fate))
                .map(item -> item.kind() + " (" + number(item.record().headers()) + " in "
                        + item.record().topic() + ") is " + item.fate())
                .toList();
    }

    private static List<Integer> numbers(List<Item> items, Fate fate) {
        return items.stream()
                .filter(item -> item.fate() == fate)
                .map(item -> number(item.record().headers()))
                .toList();
    }

    private static int number(Headers headers) {
        return Integer.parseInt(String.valueOf(HeaderNames.text(headers, Fuzz.NUMBER)));
    }

    /** All headers but those that a dead letter has of its own, in their order. */
    private static List<String> foreign(Headers headers) {
        return StreamSupport.stream(headers.spliterator(), false)
                .filter(header ->
                        !header.key().startsWith("sluice-") && !header.key().startsWith("kafka_dlt-"))
                .map(PoisonTest::text)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String text(Header header) {
        byte @Nullable [] value = header.value();
        return header.key() + "="
                + (value == null ? "null" : java.util.HexFormat.of().formatHex(value));
    }
}
