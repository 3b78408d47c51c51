package io.sluice.consumer.handlers;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: what its URL says, and the address that it connects to. The Host header and TLS go by the name all the
 * same.
 *
 * @param address null for whatever the name resolves to
 */
record Destination(Target target, @Nullable SocketAddress address) {
    static Destination byName(Target target) {
        return new Destination(target, null);
    }

    static Destination at(Target target, InetAddress address) {
        return new Destination(target, SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()));
    }
}
