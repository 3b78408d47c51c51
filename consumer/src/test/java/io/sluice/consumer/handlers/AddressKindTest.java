package io.sluice.consumer.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressKindTest {
    private static InetAddress address(String text) {
        return Objects.requireNonNull(AddressBlock.literal(text), text);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, UNSPECIFIED",
        "0.255.255.255, UNSPECIFIED",
        "10.0.0.0, PRIVATE",
        "10.255.255.255, PRIVATE",
        "100.64.0.0, SHARED",
        "100.127.255.255, SHARED",
        "100.100.100.200, METADATA",
        "127.0.0.0, LOOPBACK",
        "127.255.255.255, LOOPBACK",
        "168.63.129.16, METADATA",
        "169.254.0.0, LINK_LOCAL",
        "169.254.169.254, METADATA",
        "169.254.255.255, LINK_LOCAL",
        "172.16.0.0, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.0.0.0, RESERVED",
        "192.0.0.255, RESERVED",
        "192.0.2.0, DOCUMENTATION",
        "192.0.2.255, DOCUMENTATION",
        "192.88.99.1, RESERVED",
        "192.168.0.0, PRIVATE",
        "192.168.255.255, PRIVATE",
        "198.18.0.0, BENCHMARK",
        "198.19.255.255, BENCHMARK",
        "198.51.100.7, DOCUMENTATION",
        "203.0.113.7, DOCUMENTATION",
        "224.0.0.0, MULTICAST",
        "239.255.255.255, MULTICAST",
        "240.0.0.0, RESERVED",
        "255.255.255.255, RESERVED",
        "::, UNSPECIFIED",
        "::1, LOOPBACK",
        "::2, RESERVED",
        "100::1, RESERVED",
        "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, RESERVED",
        "2001::1, RESERVED",
        "2001:2::1, BENCHMARK",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, RESERVED",
        "2001:db8::, DOCUMENTATION",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, DOCUMENTATION",
        "3fff::, DOCUMENTATION",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, DOCUMENTATION",
        "4000::, RESERVED",
        "5f00::1, RESERVED",
        "fc00::, PRIVATE",
        "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, PRIVATE",
        "fd00:ec2::254, METADATA",
        "fe80::, LINK_LOCAL",
        "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, LINK_LOCAL",
        "fec0::1, RESERVED",
        "ff00::, MULTICAST",
        "ff02::1, MULTICAST"
    })
    void anAddressThatIsNotPublicHasItsKind(String address, AddressKind kind) {
        assertThat(AddressKind.of(address(address))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "168.63.129.15",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "2000::",
                "2001:200::",
                "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
                "2001:db9::",
                "2003::1",
                "2606:4700::1111",
                "3ffe:ffff::1",
                "3fff:1000::"
            })
    void itsNeighboursArePublic(String address) {
        assertThat(AddressKind.of(address(address))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "::ffff:127.0.0.1, LOOPBACK",
        "::ffff:7f00:1, LOOPBACK",
        "::ffff:a00:1, PRIVATE",
        "2002:7f00:1::, LOOPBACK",
        "2002:c0a8:101::1, PRIVATE",
        "2002:a9fe:a9fe::1, METADATA",
        "64:ff9b::7f00:1, LOOPBACK",
        "64:ff9b::a9fe:a9fe, METADATA",
        "64:ff9b:1::808:808, RESERVED"
    })
    void anIpv4AddressInsideOfAnotherIsFound(String address, AddressKind kind) {
        assertThat(AddressKind.of(address(address))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::808:808"})
    void aPublicIpv4AddressInsideOfAnotherIsPublic(String address) {
        assertThat(AddressKind.of(address(address))).isNull();
    }
}
