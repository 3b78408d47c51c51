package io.sluice.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoomTest {
    private final AtomicInteger woken = new AtomicInteger();

    @Test
    void thereIsRoomForSoManyTasksAndSoManyBytes() {
        Room room = new Room(3, 100);
        assertThat(room.tryTake(60, 0)).isTrue();
        assertThat(room.tryTake(41, 0)).isFalse();
        assertThat(room.tryTake(40, 0)).isTrue();
        room.release(60);
        assertThat(room.tryTake(1, 0)).isTrue();
        assertThat(room.tryTake(1, 0)).isTrue();
        assertThat(room.tryTake(1, 0)).isFalse();
        assertThat(room.tasks()).isEqualTo(3);
    }

    @Test
    void aTaskLargerThanAllRoomIsTakenWhileHalfOfItIsFree() {
        Room room = new Room(3, 100);
        assertThat(room.tryTake(50, 0)).isTrue();
        assertThat(room.tryTake(1_000, 0)).isTrue();
        assertThat(room.tryTake(1, 0)).isFalse();
        room.release(1_000);
        assertThat(room.tryTake(1, 0)).isTrue();
        assertThat(room.tryTake(1_000, 0)).isFalse();
    }

    @Test
    void whoLeavesAShareToOthersGetsNoMoreThanTheRest() {
        Room room = new Room(8, 80);
        for (int i = 0; i < 6; i++) {
            assertThat(room.tryTake(1, 4)).isTrue();
        }
        assertThat(room.tryTake(1, 4)).isFalse();
        assertThat(room.tryTake(1, 0)).isTrue();
        Room bytes = new Room(8, 80);
        assertThat(bytes.tryTake(60, 4)).isTrue();
        assertThat(bytes.tryTake(1, 4)).isFalse();
        assertThat(bytes.tryTake(20, 0)).isTrue();
    }

    @Test
    void whoWaitsIsWokenWhenHalfIsFree() {
        Room room = new Room(4, 100);
        for (int i = 0; i < 4; i++) {
            assertThat(room.tryTake(25, 0)).isTrue();
        }
        room.whenHalfFree(woken::incrementAndGet);
        room.release(25);
        assertThat(woken).hasValue(0);
        room.release(25);
        assertThat(woken).hasValue(1);
        room.release(25);
        assertThat(woken).hasValue(1);
    }

    @Test
    void whoIsWokenFindsRoomHoweverLargeTheTask() {
        Room room = new Room(10, 100);
        assertThat(room.tryTake(60, 0)).isTrue();
        assertThat(room.tryTake(99, 0)).isFalse();
        room.whenHalfFree(woken::incrementAndGet);
        assertThat(woken).hasValue(0);
        room.release(60);
        assertThat(woken).hasValue(1);
        assertThat(room.tryTake(99, 4)).isTrue();
    }
}
