package io.sluice.consumer.handlers;

import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/**
 * Says at which addresses a URL may be asked. A request then connects to exactly these, so a name that means another address
 * a moment later does not lead past the check.
 *
 * <p>Called on the event loop.
 *
 * @param timeoutMs the longest wait for a name's addresses in milliseconds
 */
record Destinations(Lookup lookup, AllowList allow, int timeoutMs) {
    /**
     * The addresses that may be asked, at least one; or a failure: {@link PermanentFailure} if there are only others,
     * {@link ConnectionFailure}, or {@link CancellationException} as soon as the task is cancelled.
     */
    Future<List<Destination>> of(Target target, TaskContext task) {
        InetAddress literal = AddressBlock.literal(target.host());
        if (literal != null) {
            return allowed(target, List.of(literal));
        }
        Promise<List<InetAddress>> found = Promise.promise();
        lookup.addresses(target.host())
                .timeout(timeoutMs, TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(ConnectionFailure.of(target, failure, false)))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        found.tryComplete(done.result());
                    } else {
                        found.tryFail(done.cause());
                    }
                });
        task.cancelled().onComplete(x -> found.tryFail(new CancellationException("cancelled: " + target.url())));
        return found.future().compose(addresses -> allowed(target, addresses));
    }

    private Future<List<Destination>> allowed(Target target, List<InetAddress> addresses) {
        List<Destination> allowed = addresses.stream()
                .filter(address -> mayBeAsked(target, address))
                .map(address -> Destination.at(target, address))
                .toList();
        if (!allowed.isEmpty()) {
            return Future.succeededFuture(allowed);
        }
        return Future.failedFuture(
                addresses.isEmpty()
                        ? ConnectionFailure.of(target, new UnknownHostException(target.host()), false)
                        : refusal(target.host(), addresses.get(0)));
    }

    private boolean mayBeAsked(Target target, InetAddress address) {
        return AddressKind.of(address) == null || allow.allows(target.host()) || allow.allows(address);
    }

    private static PermanentFailure refusal(String host, InetAddress address) {
        String ip = address.getHostAddress();
        String which = host.equals(ip) ? host : host + " (" + ip + ")";
        return new PermanentFailure("fetch does not ask " + which + ", " + AddressKind.of(address)
                + ", unless types.fetch.options.allow lists it");
    }
}
