package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowListTest {
    private final List<String> unfit = new ArrayList<>();

    private AllowList of(String... entries) {
        return new AllowList(List.of(entries), unfit::add);
    }

    private static InetAddress address(String text) {
        return Objects.requireNonNull(AddressBlock.literal(text), text);
    }

    @ParameterizedTest
    @CsvSource({
        "wiki.internal,  wiki.internal,     true",
        "Wiki.Internal,  WIKI.internal.,    true",
        "wiki.internal,  a.wiki.internal,   false",
        "wiki.internal,  wiki.internal.org, false",
        "wiki.internal,  awiki.internal,    false",
        "*.internal,     wiki.internal,     true",
        "*.internal,     a.b.internal.,     true",
        "*.internal,     internal,          false",
        "*.internal,     evilinternal,      false",
        "localhost,      127.0.0.1,         false"
    })
    void aHostIsAllowedByItsNameOrItsDomain(String entry, String host, boolean allowed) {
        assertThat(of(entry).allows(host)).isEqualTo(allowed);
        assertThat(unfit).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3,        10.1.2.3,             true",
        "10.1.2.3,        10.1.2.4,             false",
        "10.1.0.0/16,     10.1.255.255,         true",
        "10.1.0.0/16,     10.2.0.0,             false",
        "10.1.2.3/16,     10.1.9.9,             true",
        "0.0.0.0/0,       127.0.0.1,            true",
        "0.0.0.0/0,       ::1,                  false",
        "::1,             ::1,                  true",
        "fd00::/8,        fdff::1,              true",
        "fd00::/8,        fc00::1,              false",
        "::/0,            ::1,                  true",
        "::/0,            10.0.0.1,             false",
        "127.0.0.1,       ::ffff:127.0.0.1,     true",
        "::ffff:127.0.0.1, 127.0.0.1,           true"
    })
    void anAddressIsAllowedByItselfOrItsBlock(String entry, String address, boolean allowed) {
        assertThat(of(entry).allows(address(address))).isEqualTo(allowed);
        assertThat(unfit).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "*.*.internal",
                "a.*.internal",
                "http://localhost",
                "localhost:8080",
                "a b",
                "-a",
                "a..b",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/x",
                "10.0.0.0/8/8",
                "fd00::/129",
                "::ffff:10.0.0.0/104",
                "127.1",
                "2130706433",
                "0x7f000001",
                "10.0.0",
                "300.1.1.1",
                "localhost/8",
                "user@host"
            })
    void whatIsNeitherHostNorAddressIsAFault(String entry) {
        of("localhost", entry);

        assertThat(unfit).containsExactly(entry);
    }

    @Test
    void nothingIsAllowedByDefault() {
        assertThat(of().allows("localhost")).isFalse();
        assertThat(of().allows(address("127.0.0.1"))).isFalse();
    }
}
