package io.sluice.standalone.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final Pages pages = Pages.load();

    @Test
    void thereAreHundredsFromBothJarsAndNoneIsLarge() {
        assertThat(IntStream.range(0, pages.size()).mapToObj(pages::path))
                .hasSizeGreaterThan(1000)
                .anyMatch(path -> path.startsWith("/kafka-clients/org/apache/kafka/"))
                .anyMatch(path -> path.startsWith("/vertx-core/io.vertx.core/io/vertx/core/"))
                .allSatisfy(path -> assertThat(page(path).length()).isBetween(1, 256 * 1024));
    }

    @Test
    void theyComeInTheSameOrderEveryTime() {
        Pages again = Pages.load();

        assertThat(IntStream.range(0, pages.size()).mapToObj(pages::path))
                .isEqualTo(
                        IntStream.range(0, again.size()).mapToObj(again::path).toList())
                .isSorted();
    }

    @Test
    void afterTheLastComesTheFirst() {
        assertThat(pages.path(pages.size())).isEqualTo(pages.path(0));
    }

    private Buffer page(String path) {
        return Objects.requireNonNull(pages.at(path));
    }
}
