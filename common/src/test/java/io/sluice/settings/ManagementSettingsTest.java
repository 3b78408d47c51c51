package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ManagementSettingsTest {
    @Test
    void thereIsNoManagementPortUntilOneIsGiven() {
        assertThat(Loading.settings("").management())
                .isEqualTo(new ManagementSettings("127.0.0.1", OptionalInt.empty()));
        assertThat(Loading.settings("management: {host: 0.0.0.0, port: }").management())
                .isEqualTo(new ManagementSettings("0.0.0.0", OptionalInt.empty()));
    }

    @Test
    void fileAndEnvironmentMayGiveIt() {
        assertThat(Loading.settings("management: {port: 9000}").management())
                .isEqualTo(new ManagementSettings("127.0.0.1", OptionalInt.of(9000)));
        assertThat(Loading.settings(
                                "management: {port: 9000}",
                                Map.of("SLUICE_MANAGEMENT_PORT", "0", "SLUICE_MANAGEMENT_HOST", "::1"))
                        .management())
                .isEqualTo(new ManagementSettings("::1", OptionalInt.of(0)));
    }

    @Test
    void allOfItsFaultsAreSaidAtOnce() {
        assertThat(Loading.faults("management: {host: '', port: 70000, prot: 1}\ntopic: 5"))
                .containsExactlyInAnyOrder(
                        "management.host: found \"\", expected an address to listen on",
                        "management.port: found 70000, expected 0 to 65535",
                        "management.prot: unknown, did you mean port?",
                        "topic: found 5, expected text (a number needs quotes)");
        assertThat(Loading.faults("", Map.of("SLUICE_MANAGEMENT_PORT", "high", "SLUICE_MANAGEMENT_HSOT", "x")))
                .containsExactlyInAnyOrder(
                        "management.port (SLUICE_MANAGEMENT_PORT): found \"high\", expected a whole number",
                        "SLUICE_MANAGEMENT_HSOT: unknown, did you mean SLUICE_MANAGEMENT_HOST?");
        assertThat(Loading.faults("management: {port: -1}"))
                .containsExactly("management.port: found -1, expected 0 to 65535");
    }
}
