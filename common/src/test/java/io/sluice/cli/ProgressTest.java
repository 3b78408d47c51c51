package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter out = new StringWriter();

    @Test
    void aTerminalHasABarThatIsDrawnOver() {
        Progress progress = new Progress(new PrintWriter(out), true, 200, 0);
        progress.show(50, "done, 1 failed");
        progress.show(200, "done, 1 failed");
        progress.end();

        String[] drawn = out.toString().split("\r", -1);
        assertThat(drawn).hasSize(3);
        assertThat(drawn[1])
                .startsWith("[#######.......................] 50/200 done, 1 failed, ")
                .containsPattern("\\d/s, \\d+ s left")
                .endsWith("\u001b[K");
        assertThat(drawn[2])
                .startsWith("[##############################] 200/200")
                .endsWith(System.lineSeparator());
    }

    @Test
    void whereNobodyKnowsHowMuchThereIsTheBarAndTheTimeLeftAreMissing() {
        new Progress(new PrintWriter(out), true, -1, 0).show(7, "sent");

        assertThat(out.toString()).matches("\r7 sent, \\d+/s\u001b\\[K");
    }

    @Test
    void whatIsSaidMeanwhileHasALineOfItsOwn() {
        Progress progress = new Progress(new PrintWriter(out), true, 10, 0);
        progress.show(1, "sent");
        progress.say("stdin:3:1: not JSON");

        assertThat(out.toString()).endsWith("\r\u001b[Kstdin:3:1: not JSON" + System.lineSeparator());
    }

    @Test
    void whereNothingWasShownNothingIsEnded() {
        for (boolean terminal : new boolean[] {true, false}) {
            Progress progress = new Progress(new PrintWriter(out), terminal, 10, 0);
            progress.end();
            assertThat(out.toString()).isEmpty();
        }
    }
}
