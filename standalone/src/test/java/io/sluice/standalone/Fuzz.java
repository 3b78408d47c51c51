package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.record.HeaderNames;
import io.sluice.settings.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Makes records that no handler can take, of every kind we could think of, from a seed; and odd ones that it can. */
final class Fuzz {
    /** The header by which a record is found again. */
    static final String NUMBER = "fuzz";

    static final String TYPE = "order";

    /** The most that a broker and a producer take by default. */
    private static final int LARGEST = 1 << 20;

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final List<String> NO_TIMES = List.of(
            "",
            "tomorrow",
            "12345",
            "2026-13-45T99:99:99Z",
            "2026-01-01T00:00:00",
            "2026-01-01",
            "+999999999-12-31T23:59:59-18:00",
            "-999999999-01-01T00:00:00+18:00",
            "9999-12-31T23:59:60.9999999999Z",
            "null");

    /** What becomes of a record. */
    enum Fate {
        RUN,
        DEAD,
        /** Dead, and too large for a dead letter with it: a reference stands for it. */
        REFERENCE
    }

    /** @param kind what is wrong with it */
    record Item(String kind, Fate fate, ProducerRecord<byte[], byte[]> record) {}

    /** One kind: it changes the value and the headers of a good record. */
    private record Kind(String name, Fate fate, Change change) {}

    @FunctionalInterface
    private interface Change {
        byte @Nullable [] apply(byte[] good, Headers headers);
    }

    private final Random random;
    private final TopicNames topics;
    private final Instant now = Instant.now();
    private final List<Kind> bad = new ArrayList<>();
    private final List<Kind> odd = new ArrayList<>();
    private int made;

    Fuzz(long seed, TopicNames topics) {
        this.random = new Random(seed);
        this.topics = topics;
        values();
        headers();
        structured();
        oddities();
    }

    /** So many bad ones, each behind a good one, over all topics that are read. */
    List<Item> items(int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(make(odd.get(random.nextInt(odd.size()))));
            items.add(make(i < bad.size() ? bad.get(i) : bad.get(random.nextInt(bad.size()))));
        }
        // A few only, since each takes a megabyte.
        items.add(make(new Kind("as large as can be", Fate.REFERENCE, (good, headers) -> noise(LARGEST - 600))));
        items.add(make(new Kind("a header as large as can be", Fate.REFERENCE, (good, headers) -> {
            headers.add("huge", noise(LARGEST - 600));
            return null;
        })));
        items.add(make(new Kind("a large header", Fate.DEAD, (good, headers) -> {
            headers.add("huge", noise(LARGEST - 50_000));
            return null;
        })));
        items.add(make(new Kind("a large header of a good one", Fate.RUN, (good, headers) -> {
            headers.add("huge", noise(LARGEST - 50_000));
            return good;
        })));
        return items;
    }

    private void values() {
        bad("random bytes", (good, headers) -> noise(1 + random.nextInt(500)));
        bad("truncated", (good, headers) -> Arrays.copyOf(good, 1 + random.nextInt(good.length - 1)));
        bad("null", (good, headers) -> null);
        bad("empty", (good, headers) -> new byte[0]);
        bad("bad UTF-8", (good, headers) -> {
            byte[] broken = good.clone();
            broken[10] = (byte) 0xC3;
            broken[11] = (byte) 0x28;
            return broken;
        });
        bad(
                "deep",
                (good, headers) -> "[".repeat(1_000 + random.nextInt(100_000)).getBytes(UTF_8));
        bad("deep and whole", (good, headers) -> {
            int depth = 150 + random.nextInt(5_000);
            return ("{\"item\":" + "[".repeat(depth) + "]".repeat(depth) + ",\"count\":1}").getBytes(UTF_8);
        });
        bad("trailing", (good, headers) -> (new String(good, UTF_8) + " " + good.length).getBytes(UTF_8));
        bad(
                "byte order mark of UTF-16",
                (good, headers) ->
                        new String(good, UTF_8).substring(1).getBytes(java.nio.charset.StandardCharsets.UTF_16));
        Stream.of("5", "\"text\"", "[]", "null", "true", "NaN", "{'item':'tea'}")
                .forEach(value -> bad("value " + value, (good, headers) -> value.getBytes(UTF_8)));
        Stream.of("\"many\"", "null", "[]", "99999999999999", "1e999999999", "9".repeat(10_000), "-", "01", "NaN")
                .forEach(count -> bad(
                        "count " + count.substring(0, Math.min(20, count.length())),
                        (good, headers) -> ("{\"item\":\"tea\",\"count\":" + count + "}").getBytes(UTF_8)));
    }

    private void headers() {
        Stream.of("2.0", "0.3", "", "banana", "１.0")
                .forEach(version -> bad("version " + version, (good, headers) -> {
                    headers.add(HeaderNames.SPEC_VERSION, version.getBytes(UTF_8));
                    return good;
                }));
        for (String name : List.of(
                HeaderNames.NOT_BEFORE,
                HeaderNames.EXPIRY_TIME,
                HeaderNames.DUE,
                HeaderNames.FIRST_START,
                HeaderNames.FIRST_FAILURE,
                HeaderNames.LAST_FAILURE)) {
            bad(name, (good, headers) -> {
                headers.add(name, NO_TIMES.get(random.nextInt(NO_TIMES.size())).getBytes(UTF_8));
                return good;
            });
            bad(name + " of random bytes", (good, headers) -> {
                headers.add(name, noise(1 + random.nextInt(100)));
                return good;
            });
        }
        for (String name :
                List.of(HeaderNames.ATTEMPTS, HeaderNames.COUNTED, HeaderNames.REDRIVES, HeaderNames.MOVES)) {
            bad(name, (good, headers) -> {
                List<String> none = List.of("", "many", "-1", "1.5", "0x10", "99999999999999999999");
                headers.add(name, none.get(random.nextInt(none.size())).getBytes(UTF_8));
                return good;
            });
        }
        bad("stray", (good, headers) -> {
            headers.add(HeaderNames.STRAY, "perhaps".getBytes(UTF_8));
            return good;
        });
        bad("expired", (good, headers) -> {
            headers.add(HeaderNames.EXPIRY_TIME, "0000-01-01T00:00:00Z".getBytes(UTF_8));
            return good;
        });
        bad("due after its end", (good, headers) -> {
            headers.add(HeaderNames.NOT_BEFORE, "9999-12-31T23:59:59Z".getBytes(UTF_8));
            headers.add(HeaderNames.EXPIRY_TIME, "9999-12-31T23:59:58Z".getBytes(UTF_8));
            return good;
        });
        bad("unknown type", (good, headers) -> {
            headers.add(HeaderNames.TYPE, noise(1 + random.nextInt(50)));
            return good;
        });
        bad("a dead letter sent again", (good, headers) -> {
            headers.add(HeaderNames.REASON, "undecodable".getBytes(UTF_8));
            headers.add(HeaderNames.REDRIVES, "2147483647".getBytes(UTF_8));
            return noise(10);
        });
        bad("many headers", (good, headers) -> {
            for (int i = 0; i < 5_000; i++) {
                headers.add("h" + i % 100, noise(random.nextInt(20)));
            }
            return noise(10);
        });
    }

    private void structured() {
        Stream.of(
                        "{\"specversion\":",
                        "[]",
                        "null",
                        "",
                        "{\"specversion\":\"1.0\",\"id\":5}",
                        "{\"specversion\":\"2.0\",\"data\":{\"item\":\"tea\",\"count\":1}}",
                        "{\"specversion\":1.0,\"data\":{\"item\":\"tea\",\"count\":1}}",
                        "{\"specversion\":\"1.0\",\"data_base64\":\"***\"}",
                        "{\"specversion\":\"1.0\",\"data_base64\":{}}",
                        "{\"specversion\":\"1.0\",\"type\":\"order\"}",
                        "{\"specversion\":\"1.0\",\"data\":{\"item\":\"tea\",\"count\":\"many\"}}",
                        "{\"specversion\":\"1.0\",\"notbefore\":\"soon\",\"data\":{\"item\":\"tea\",\"count\":1}}",
                        "{\"specversion\":\"1.0\",\"expirytime\":7,\"data\":{\"item\":\"tea\",\"count\":1}}",
                        "{\"data\":" + "[".repeat(10_000))
                .forEach(event ->
                        bad("structured " + event.substring(0, Math.min(60, event.length())), (good, headers) -> {
                            headers.add(HeaderNames.CONTENT_TYPE, STRUCTURED.getBytes(UTF_8));
                            return event.getBytes(UTF_8);
                        }));
        bad("structured without a value", (good, headers) -> {
            headers.add(HeaderNames.CONTENT_TYPE, STRUCTURED.getBytes(UTF_8));
            return null;
        });
        bad("structured of random bytes", (good, headers) -> {
            headers.add(HeaderNames.CONTENT_TYPE, (STRUCTURED + "; charset=" + random.nextInt()).getBytes(UTF_8));
            return noise(200);
        });
    }

    private void oddities() {
        odd("plain", (good, headers) -> good);
        odd("structured", (good, headers) -> {
            headers.add(HeaderNames.CONTENT_TYPE, STRUCTURED.getBytes(UTF_8));
            return ("{\"specversion\":\"1.0\",\"data\":" + new String(good, UTF_8) + "}").getBytes(UTF_8);
        });
        odd("headers without a value", (good, headers) -> {
            Stream.of(HeaderNames.ID, HeaderNames.TYPE, HeaderNames.NOT_BEFORE, HeaderNames.ATTEMPTS, "other")
                    .forEach(name -> headers.add(name, null));
            return good;
        });
        odd("headers that repeat", (good, headers) -> {
            headers.add(HeaderNames.NOT_BEFORE, "tomorrow".getBytes(UTF_8));
            headers.add(HeaderNames.NOT_BEFORE, "2001-01-01T00:00:00Z".getBytes(UTF_8));
            return good;
        });
        odd("an origin in part", (good, headers) -> {
            headers.add(HeaderNames.ORIGIN_TOPIC, "elsewhere".getBytes(UTF_8));
            headers.add(HeaderNames.ORIGIN_OFFSET, "first".getBytes(UTF_8));
            return good;
        });
        odd("an id of bad UTF-8", (good, headers) -> {
            headers.add(HeaderNames.ID, noise(100));
            return good;
        });
        odd("headers of random bytes", (good, headers) -> {
            headers.add("", noise(10));
            headers.add("sluice-unheard-of", noise(10));
            headers.add(HeaderNames.TRACE_PARENT, noise(55));
            return good;
        });
    }

    private void bad(String name, Change change) {
        bad.add(new Kind(name, Fate.DEAD, change));
    }

    private void odd(String name, Change change) {
        odd.add(new Kind(name, Fate.RUN, change));
    }

    private Item make(Kind kind) {
        int number = made++;
        String topic = topics.read().get(number / 2 % topics.read().size());
        // Its rest in a delay topic is over.
        Instant timestamp = now.minus(topics.delays().stream()
                .filter(tier -> tier.topic().equals(topic))
                .map(tier -> tier.length().plusMinutes(1))
                .findFirst()
                .orElse(Duration.ZERO));
        byte[] good = ("{\"item\":\"item-" + number + "\",\"count\":" + number + "}").getBytes(UTF_8);
        // With any other key, what is as large as can be would be larger.
        byte[] key = kind.fate() == Fate.REFERENCE ? "key-0".getBytes(UTF_8) : key();
        ProducerRecord<byte[], byte[]> plain = new ProducerRecord<>(topic, null, timestamp.toEpochMilli(), key, good);
        plain.headers().add(NUMBER, String.valueOf(number).getBytes(UTF_8));
        byte[] value = kind.change().apply(good, plain.headers());
        return new Item(
                kind.name(),
                kind.fate(),
                new ProducerRecord<>(topic, null, plain.timestamp(), plain.key(), value, plain.headers()));
    }

    private byte @Nullable [] key() {
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> noise(1 + random.nextInt(2_000));
            default -> ("key-" + random.nextInt(20)).getBytes(UTF_8);
        };
    }

    /** Random bytes that are neither UTF-8 nor JSON. */
    private byte[] noise(int length) {
        byte[] bytes = new byte[Math.max(1, length)];
        random.nextBytes(bytes);
        bytes[0] = (byte) 0xFF;
        return bytes;
    }
}
