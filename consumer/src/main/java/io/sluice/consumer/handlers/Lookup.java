package io.sluice.consumer.handlers;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Finds the addresses of a name. */
interface Lookup {
    /** All of them, the preferred one first; called on an event loop, which it does not block. */
    Future<List<InetAddress>> addresses(String name);

    /** By Vert.x's own resolver, as its clients do: the hosts file, then the DNS. */
    static Lookup of(Vertx vertx) {
        return name -> ((VertxInternal) vertx)
                .nameResolver()
                .resolveAll(name)
                .map(found -> found.stream().map(InetSocketAddress::getAddress).toList());
    }
}
