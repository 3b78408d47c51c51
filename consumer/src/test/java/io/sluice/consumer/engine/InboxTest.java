package io.sluice.consumer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final VirtualLoop loop = new VirtualLoop();
    private final List<String> seen = new ArrayList<>();

    @Test
    void whatIsWaitingIsTakenInOneTurn() {
        Inbox<String> inbox = new Inbox<>(loop, seen::add, () -> seen.add("afterwards"));

        inbox.put("1");
        inbox.put("2");
        inbox.put("3");
        loop.runAll();

        assertThat(seen).containsExactly("1", "2", "3", "afterwards");
    }

    @Test
    void whatTakesLongLetsOthersHaveTheirTurn() {
        Inbox<String> inbox = new Inbox<>(loop, this::slowly, () -> seen.add("afterwards"));

        inbox.put("1");
        inbox.put("2");
        inbox.put("3");
        loop.execute(() -> seen.add("other"));
        loop.runAll();

        assertThat(seen).containsExactly("1", "2", "afterwards", "other", "3", "afterwards");
    }

    private void slowly(String thing) {
        seen.add(thing);
        loop.advanceInside(Duration.ofMillis(6));
    }
}
