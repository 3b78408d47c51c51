package io.sluice.producer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.settings.Listen;
import io.sluice.settings.SettingsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExposureTest {
    private static final Path FILE = Path.of("file");

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"})
    void onItsOwnMachineItListensToAll(String host) {
        assertThatCode(() -> Exposure.check(listen(host, null, null, false))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "0"})
    void beyondItNothingLessThanTokensAndTlsWillDo(String host) {
        assertThatThrownBy(() -> Exposure.check(listen(host, null, null, false)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("producer.host: " + host + " can be reached from other machines, but producer.tokens-file"
                        + " and producer.tls-certificate are not set; set producer.tokens-file (see `sluice token`)"
                        + " together with producer.tls-certificate and producer.tls-key, or set producer.host to"
                        + " 127.0.0.1, or producer.allow-insecure to true where something in front has both");
        assertThatThrownBy(() -> Exposure.check(listen(host, FILE, null, false)))
                .hasMessageContaining("but producer.tls-certificate is not set");
        assertThatThrownBy(() -> Exposure.check(listen(host, null, FILE, false)))
                .hasMessageContaining("but producer.tokens-file is not set");
        assertThatCode(() -> Exposure.check(listen(host, FILE, FILE, false))).doesNotThrowAnyException();
    }

    @Test
    void whereItIsAllowedTheLogWarnsOnce() {
        try (Logged logged = Logged.of(Exposure.class)) {
            Exposure.check(listen("0.0.0.0", null, null, true));
            assertThat(logged.messages()).hasSize(1);
            assertThat(logged.messages().get(0)).contains("0.0.0.0", "producer.allow-insecure");
            Exposure.check(listen("127.0.0.1", null, null, true));
            Exposure.check(listen("0.0.0.0", FILE, FILE, true));
            assertThat(logged.messages()).hasSize(1);
        }
    }

    @Test
    void aHostThatNobodyKnowsIsAFault() {
        assertThatThrownBy(() -> Exposure.check(listen("nowhere.invalid", null, null, false)))
                .hasMessage("producer.host: no address is known for nowhere.invalid");
    }

    private static Listen listen(
            String host, @Nullable Path tokens, @Nullable Path certificate, boolean allowInsecure) {
        return new Listen(host, 0, tokens, certificate, certificate, allowInsecure);
    }
}
