package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class OffsetMapTest {
    private static final int BROKER_LIMIT = 4_096;

    private static OffsetMap map(long base, long position, long... unsettled) {
        return OffsetMap.of(base, unsettled, unsettled.length, position);
    }

    private static OffsetMap readBack(long base, OffsetMap map) {
        return Objects.requireNonNull(OffsetMap.read(base, map.metadata()), "not readable");
    }

    @Test
    void comesBackAsItWas() {
        OffsetMap map = readBack(100, map(100, 108, 100, 103, 104));

        assertThat(map.isSettled(99)).as("nothing is said of it").isFalse();
        assertThat(map.isSettled(100)).isFalse();
        assertThat(map.isSettled(101)).isTrue();
        assertThat(map.isSettled(103)).isFalse();
        assertThat(map.isSettled(107)).isTrue();
        assertThat(map.isSettled(108)).isFalse();
        assertThat(map.end()).isEqualTo(108);
        assertThat(map.from(101)).containsExactly(103, 104);
    }

    @Test
    void noMetadataIsAMapThatKnowsNothing() {
        for (String nothing : new String[] {"", null}) {
            OffsetMap map = Objects.requireNonNull(OffsetMap.read(7, nothing));
            assertThat(map.end()).isEqualTo(7);
            assertThat(map.isSettled(7)).isFalse();
        }
    }

    @Test
    void ofALostRangeOnlyWhatWasUnsettledIsLost() {
        OffsetMap map = map(100, 110, 100, 103, 104);

        assertThat(map.unsettled(100, 104)).isEqualTo(2);
        assertThat(map.unsettled(100, 115)).isEqualTo(3 + 5);
        assertThat(map.unsettled(112, 115)).isEqualTo(3);
        assertThat(map.firstUnsettled()).isEqualTo(100);
        assertThat(map(100, 110, 110).firstUnsettled()).isEqualTo(110);
        assertThat(OffsetMap.none(5).unsettled(5, 9)).isEqualTo(4);
    }

    @Test
    void anyOffsetsComeBackAndFitWhateverTheirSpread() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            long base = random.nextInt(5) == 0 ? random.nextLong() >>> 1 >>> random.nextInt(40) : random.nextInt(1_000);
            base = Math.min(base, Long.MAX_VALUE - (1L << 40));
            long step = 1L << random.nextInt(seed % 20 == 0 ? 30 : 18);
            TreeSet<Long> unsettled = new TreeSet<>();
            long at = base;
            for (int i = random.nextInt(1_600); i > 0; i--) {
                unsettled.add(at);
                at += 1 + (long) (random.nextDouble() * step);
            }
            long position = at + random.nextInt(3);
            long[] offsets = unsettled.stream().mapToLong(offset -> offset).toArray();

            OffsetMap made = map(base, position, offsets);
            OffsetMap map = readBack(base, made);

            assertThat(made.metadata()).as("seed %d", seed).hasSizeLessThanOrEqualTo(BROKER_LIMIT);
            for (long offset : offsets) {
                assertThat(map.isSettled(offset))
                        .as("seed %d: %d", seed, offset)
                        .isFalse();
            }
            for (int i = 0; i < 100; i++) {
                long probe = base + (long) (random.nextDouble() * (position - base));
                assertThat(map.isSettled(probe))
                        .as("seed %d: %d", seed, probe)
                        .isEqualTo(probe < map.end() && !unsettled.contains(probe));
            }
            if (!made.isCut()) {
                assertThat(Arrays.stream(offsets)
                                .filter(offset -> offset >= map.end())
                                .count())
                        .as("seed %d: nothing settled is left out", seed)
                        .isEqualTo(position - map.end());
            }
        }
    }

    /** As many records as the window takes, none next to another, in as many ranges of 65,536 offsets as it takes. */
    @Test
    void atTheWindowsBoundTheWorstSpreadFits() {
        int records = 1_400;
        int ranges = 29;
        long[] offsets = new long[records];
        for (int i = 0; i < records; i++) {
            int range = i * ranges / records;
            offsets[i] = range * 65_536L + (i - (range * records + ranges - 1) / ranges) * 1_000L;
        }
        long base = Long.MAX_VALUE - (1L << 40);
        for (int i = 0; i < records; i++) {
            offsets[i] += base;
        }

        OffsetMap map = map(base, offsets[records - 1] + 2, offsets);

        assertThat(map.isCut()).isFalse();
        assertThat(map.metadata()).hasSizeLessThanOrEqualTo(BROKER_LIMIT);
        assertThat(readBack(base, map).from(base)).containsExactly(offsets);
    }

    @Test
    void aRunTakesNoMoreRoomThanTwoRecords() {
        long[] offsets = LongStream.concat(LongStream.range(100, 200_000), LongStream.of(300_000, 300_002))
                .toArray();

        OffsetMap map = map(100, 300_010, offsets);

        assertThat(map.isCut()).isFalse();
        assertThat(map.metadata()).hasSizeLessThan(120);
        assertThat(readBack(100, map).from(100)).isEqualTo(offsets);
        assertThat(readBack(100, map).unsettled(150_000, 300_010)).isEqualTo(50_000 + 2);
        assertThat(readBack(100, map).isSettled(200_000)).isTrue();
    }

    @Test
    void recordsAndRunsComeBackAndTakeNoMoreThanWasCounted() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long[] offsets = new long[0];
            MapSize size = new MapSize();
            long at = 0;
            for (int i = random.nextInt(500); i > 0; i--) {
                long length = random.nextInt(3) == 0 ? 1 + random.nextInt(1 << random.nextInt(12)) : 1;
                offsets = LongStream.concat(Arrays.stream(offsets), LongStream.range(at, at + length))
                        .toArray();
                size.add(at, at + length);
                at += length + 1 + random.nextInt(1 << random.nextInt(15));
                if (size.bytes() > OffsetMap.MOST_BYTES) {
                    break;
                }
            }

            OffsetMap map = map(0, at, offsets);

            assertThat(map.isCut()).as("seed %d", seed).isEqualTo(size.bytes() > OffsetMap.MOST_BYTES);
            assertThat(map.metadata().length() * 3 / 4)
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(Math.min(size.bytes(), OffsetMap.MOST_BYTES));
            assertThat(readBack(0, map).from(0))
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.stream(offsets)
                            .filter(offset -> offset < map.end())
                            .toArray());
        }
    }

    @Test
    void whatDoesNotFitIsCutOffAtTheTop() {
        long[] offsets = new long[1_000];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = i * 70_000L;
        }

        OffsetMap map = map(0, offsets[999] + 2, offsets);

        assertThat(map.isCut()).isTrue();
        assertThat(map.metadata()).hasSizeBetween(4_000, BROKER_LIMIT);
        OffsetMap again = readBack(0, map);
        assertThat(again.isSettled(1)).isTrue();
        assertThat(again.isSettled(offsets[999] + 1)).isFalse();
    }

    @Test
    void aGapFurtherBackThanThirtyTwoBitsIsNoFault() {
        OffsetMap map = map(0, 6_000_000_000L, 0, 5_000_000_000L);

        assertThat(map.isCut()).isTrue();
        assertThat(readBack(0, map).isSettled(3_000_000_000L)).isTrue();
        assertThat(readBack(0, map).isSettled(5_500_000_000L)).isFalse();
        assertThat(map(0, 6_000_000_000L, 0).isCut()).isTrue();
    }

    @Test
    void aMapOfAnotherOffsetIsNotBelieved() {
        OffsetMap map = map(100, 110, 100);

        assertThat(OffsetMap.read(101, map.metadata()))
                .as("a mirrored group has other offsets")
                .isNull();
    }

    @Test
    void aFewBytesThatStandForMillionsAreNotBelieved() {
        long length = 500 << 16;
        RoaringBitmap run = RoaringBitmap.bitmapOfRange(0, length);
        run.runOptimize();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 1).put((byte) 0);
        for (long rest = length; rest > 0; rest >>>= 7) {
            bytes.put((byte) ((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
        }
        new RoaringBitmap().serialize(bytes);
        run.serialize(bytes);
        String metadata =
                Base64.getEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes.array(), bytes.position()));

        assertThat(OffsetMap.read(0, metadata)).isNull();
    }

    @Test
    void anotherVersionIsNotBelieved() {
        byte[] bytes = Base64.getDecoder().decode(map(100, 110, 100).metadata());
        bytes[0] = 2;

        assertThat(OffsetMap.read(100, Base64.getEncoder().withoutPadding().encodeToString(bytes)))
                .isNull();
    }

    @Test
    void metadataOfOtherToolsIsNotBelieved() {
        for (String other : new String[] {
            "a note",
            "NO_METADATA",
            "{\"host\":\"worker-7\",\"version\":1}",
            "AAAA",
            "AQ",
            "AQ==",
            "AQAA",
            " ",
            "\u0000",
            "ü€😀",
            "A".repeat(5),
            "A".repeat(BROKER_LIMIT),
            "/".repeat(BROKER_LIMIT),
            "x".repeat(1 << 20)
        }) {
            assertThat(OffsetMap.read(100, other)).as(other).isNull();
        }
    }

    @Test
    void aTruncatedMapIsNotBelieved() {
        String whole = map(100, 200_000, 100, 103, 70_000).metadata();

        for (int length = 1; length < whole.length(); length++) {
            assertThat(OffsetMap.read(100, whole.substring(0, length)))
                    .as("%d of %d characters", length, whole.length())
                    .isNull();
        }
        assertThat(OffsetMap.read(100, whole + "AAAA")).isNull();
    }

    /** Whatever is read in place of a map, it is the very text that such a map has, and never an exception. */
    @Test
    void garbageNeverThrows() {
        String whole = map(100, 200_000, 100, 103, 70_000).metadata();
        byte[] valid = Base64.getDecoder().decode(whole);
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = random.nextBoolean() ? valid.clone() : new byte[random.nextInt(200)];
            if (bytes.length == valid.length) {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            } else {
                random.nextBytes(bytes);
                if (bytes.length > 3) {
                    System.arraycopy(valid, 0, bytes, 0, random.nextInt(Math.min(bytes.length, valid.length)));
                }
            }
            String text = random.nextInt(4) == 0
                    ? new String(bytes, StandardCharsets.ISO_8859_1)
                    : Base64.getEncoder().withoutPadding().encodeToString(bytes);

            OffsetMap map = OffsetMap.read(100, text);

            assertThat(map == null || text.isEmpty() || map.metadata().equals(text))
                    .as(text)
                    .isTrue();
        }
    }
}
