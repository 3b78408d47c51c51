package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.handler.PermanentFailure;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
    @Test
    void aUrlIsTakenApart() {
        assertThat(Target.of(" https://Example.org/a%20b?q=ü#part "))
                .isEqualTo(
                        new Target("https://Example.org/a%20b?q=%C3%BC", true, "Example.org", 443, "/a%20b?q=%C3%BC"));
        assertThat(Target.of("http://[::1]:8080")).isEqualTo(new Target("http://[::1]:8080/", false, "::1", 8080, "/"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://h/a/b?c, d,           http://h/a/d",
        "http://h/a/b?c, /d,          http://h/d",
        "http://h/a/b?c, ?d=1,        http://h/a/b?d=1",
        "http://h/a/b?c, ../d,        http://h/d",
        "http://h/a/b?c, //other/d,   http://other/d",
        "http://h/a/b?c, https://o:1, https://o:1/"
    })
    void aLocationIsResolvedAgainstThePage(String page, String location, String url) {
        assertThat(Target.of(page).resolve(location).url()).isEqualTo(url);
    }

    @Test
    void aMissingUrlIsPermanent() {
        assertThatThrownBy(() -> Target.of(null))
                .isInstanceOf(PermanentFailure.class)
                .hasMessage("the url is missing");
    }

    @Test
    void aVeryLongUrlIsNotRepeatedInFull() {
        assertThatThrownBy(() -> Target.of("ftp://" + "x".repeat(100_000)))
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void anUnknownHostIsNamedInOneLine() {
        Throwable cause = new UnknownHostException("Failed to resolve 'nowhere.invalid' [A(1)]\nand more");
        assertThat(ConnectionFailure.of(Target.of("http://nowhere.invalid/x"), cause, false))
                .hasMessage("unknown host: nowhere.invalid");
    }
}
