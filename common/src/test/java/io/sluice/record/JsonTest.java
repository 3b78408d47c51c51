package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
    record Page(@JsonProperty(required = true) String url, int depth) {}

    record Site(List<Page> pages) {}

    @Test
    void aWrongFieldIsNamedByItsPath() {
        assertThat(explain(
                        "{\"pages\": [{\"url\": \"a\", \"depth\": 1}, {\"url\": \"b\", \"depth\": \"deep\"}]}",
                        Site.class))
                .startsWith("pages[1].depth: ");
        assertThat(explain("{\"url\": \"a\", \"depth\": null}", Page.class)).startsWith("depth: ");
    }

    @Test
    void aMissingFieldIsNamed() {
        assertThat(explain("{\"depth\": 1}", Page.class)).contains("url");
    }

    @Test
    void brokenTextIsPlacedByLineAndColumn() {
        assertThat(explain("{\n  \"url\": x}", Page.class)).startsWith("line 2, column ");
    }

    @Test
    void anExplanationIsOneLineWithoutTheSource() {
        String message = explain("{\"url\": \"secret\", \"depth\": [}", Page.class);
        assertThat(message).hasLineCount(1).doesNotContain("secret").doesNotContain("Source");
    }

    @Test
    void textAfterTheEndIsRefused() {
        assertThat(explain("{} {}", Object.class)).isNotEmpty();
    }

    @Test
    void nestingIsBounded() {
        assertThat(explain("[".repeat(10_000), Object.class)).contains("nesting depth");
    }

    @Test
    void timesAreWrittenAsText() throws JsonProcessingException {
        assertThat(Json.mapper().writeValueAsString(List.of(Instant.EPOCH, Duration.ofSeconds(90))))
                .isEqualTo("[\"1970-01-01T00:00:00Z\",\"PT1M30S\"]");
    }

    private static String explain(String json, Class<?> type) {
        return Json.explain(catchThrowableOfType(
                JsonProcessingException.class, () -> Json.mapper().readValue(json, type)));
    }
}
