package io.sluice.consumer.handlers;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What keeps an address from being one of the public internet, as IANA's registries of special addresses say. Of IPv6 only
 * what is handed out (2000::/3) is public, and what carries an IPv4 address is what that is. The first kind that
 * has an address names it.
 */
enum AddressKind {
    METADATA(
            "a cloud's metadata address",
            "169.254.169.254/32",
            "fd00:ec2::254/128",
            "100.100.100.200/32",
            "168.63.129.16/32"),
    LOOPBACK("a loopback address", "127.0.0.0/8", "::1/128"),
    PRIVATE("a private address", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    LINK_LOCAL("a link-local address", "169.254.0.0/16", "fe80::/10"),
    SHARED("an address of a carrier's NAT", "100.64.0.0/10"),
    UNSPECIFIED("an address of this network", "0.0.0.0/8", "::/128"),
    MULTICAST("a multicast address", "224.0.0.0/4", "ff00::/8"),
    DOCUMENTATION(
            "an address for documentation",
            "192.0.2.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "2001:db8::/32",
            "3fff::/20"),
    BENCHMARK("an address for benchmarks", "198.18.0.0/15", "2001:2::/48"),
    RESERVED("a reserved address", "192.0.0.0/24", "192.88.99.0/24", "240.0.0.0/4", "2001::/23");

    private static final AddressBlock HANDED_OUT = AddressBlock.of("2000::/3");
    private static final AddressBlock SIX_TO_FOUR = AddressBlock.of("2002::/16");
    private static final AddressBlock NAT64 = AddressBlock.of("64:ff9b::/96");

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // neither the list nor a block can be changed
    private final List<AddressBlock> blocks;

    AddressKind(String text, String... blocks) {
        this.text = text;
        this.blocks = Arrays.stream(blocks).map(AddressBlock::of).toList();
    }

    /** What the address is, or null if it is public. */
    static @Nullable AddressKind of(InetAddress address) {
        InetAddress carried = carried(address);
        if (carried != null) {
            return of(carried);
        }
        return Arrays.stream(values())
                .filter(kind -> kind.blocks.stream().anyMatch(block -> block.contains(address)))
                .findFirst()
                .orElse(address instanceof Inet6Address && !HANDED_OUT.contains(address) ? RESERVED : null);
    }

    /** The IPv4 address inside of one that a gateway takes to it. Java itself unpacks mapped ones. */
    private static @Nullable InetAddress carried(InetAddress address) {
        if (SIX_TO_FOUR.contains(address)) {
            return four(address, 2);
        }
        return NAT64.contains(address) ? four(address, 12) : null;
    }

    private static InetAddress four(InetAddress address, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), from, from + 4));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
