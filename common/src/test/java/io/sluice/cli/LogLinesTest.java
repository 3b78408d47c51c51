package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command says while the log is for programs, and what the variables of the log may be. */
class LogLinesTest {
    @Test
    void everyLineIsAnEntryOfItsOwn() {
        List<String> entries = new ArrayList<>();
        try (PrintWriter out = new PrintWriter(new LogLines(entries::add), true)) {
            out.print("Stopp");
            assertThat(entries).as("half a line").isEmpty();
            out.println("ed.");
            out.println();
            out.print("one\r\ntwo\rthree");
        }

        assertThat(entries).containsExactly("Stopped.", "one", "two", "three");
    }

    @ParameterizedTest
    @CsvSource({"SLUICE_LOG_FORMAT, xml, json or text", "SLUICE_LOG_LEVEL, LOUD, 'ERROR, WARN, INFO, DEBUG or TRACE'"})
    void aVariableThatTheLogDoesNotKnowIsRefused(String name, String value, String expected) {
        assertThatThrownBy(() -> LogChoice.check(Map.of(name, value)))
                .isInstanceOf(UsageFault.class)
                .hasMessage(name + " is '" + value + "', but must be " + expected);
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        Map<String, String> empty = Map.of("SLUICE_LOG_FORMAT", "", "SLUICE_LOG_LEVEL", "");

        assertThatCode(() -> LogChoice.check(empty)).doesNotThrowAnyException();
        assertThat(LogChoice.of(empty).json()).isFalse();
        assertThat(LogChoice.instead(empty)).isEqualTo(Map.of("SLUICE_LOG_FORMAT", "text", "SLUICE_LOG_LEVEL", "INFO"));
        assertThat(LogChoice.instead(Map.of("SLUICE_LOG_FORMAT", "json"))).isEmpty();
    }

    @Test
    void theLogIsForProgramsOnlyIfItIsAskedToBe() {
        assertThat(LogChoice.of(Map.of()).json()).isFalse();
        assertThat(LogChoice.of(Map.of("SLUICE_LOG_FORMAT", "text")).json()).isFalse();
        assertThat(LogChoice.of(Map.of("SLUICE_LOG_FORMAT", "json")).json()).isTrue();
        assertThatCode(() -> LogChoice.check(Map.of("SLUICE_LOG_FORMAT", "json", "SLUICE_LOG_LEVEL", "DEBUG")))
                .doesNotThrowAnyException();
    }
}
