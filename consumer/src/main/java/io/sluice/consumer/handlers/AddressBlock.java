package io.sluice.consumer.handlers;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses that begin with the same bits: {@code 10.0.0.0/8}. Immutable; never looks a name up. */
final class AddressBlock {
    private final IpSubnetFilterRule rule;

    private AddressBlock(InetAddress address, int prefix) {
        this.rule = new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    /**
     * @param text an address, or one with the length of its prefix
     * @throws IllegalArgumentException if it is neither; names in it are none
     */
    static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        InetAddress address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw new IllegalArgumentException("not an address: " + text);
        }
        // A mapped IPv4 address has become one of four bytes, and its prefix counts from these.
        int bits = address.getAddress().length * Byte.SIZE;
        String length = slash < 0 ? String.valueOf(bits) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bits) {
            throw new IllegalArgumentException("not a prefix of " + bits + " bits at most: " + text);
        }
        return new AddressBlock(address, Integer.parseInt(length));
    }

    /** The address that a text spells out, or null if it is a name. An IPv4 address in IPv6's notation is one of IPv4. */
    static @Nullable InetAddress literal(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    boolean contains(InetAddress address) {
        return rule.matches(new InetSocketAddress(address, 0));
    }
}
