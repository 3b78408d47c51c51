package io.sluice.consumer.handlers;

import io.sluice.handler.HandlerContext;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.RetryLater;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Type {@code fetch}: gets a page and reads its title, headings, links and words, off the event loop.
 *
 * <p>Any 2xx answer is a success, HTML or not. 429 and 503 with a Retry-After are obeyed ({@link RetryLater}); 408, 425, 429, 5xx
 * and a connection that fails are tried again as the type's policy says; everything else is a {@link PermanentFailure}, as are a
 * body that is too large and more than ten redirects. A redirect may lead to another host: it counts against the limit of the
 * task's key all the same.
 *
 * <p>A host that is not on the public internet is not asked ({@link PermanentFailure}), since whoever writes tasks is not
 * always one who may look into the consumers' network: loopback, private, link-local, metadata and other special addresses, whether a
 * URL, a name or a redirect leads there. {@code allow} lists those that may be asked all the same. No proxy is used; one
 * that the network forces on every connection must do its own checking. A user and password in a URL are not sent.
 *
 * <p>Options: {@code user-agent} (Sluice), {@code max-body} (bytes; 4194304), {@code max-links} (1000),
 * {@code connect-timeout-ms} (5000; a cancelled attempt that is still connecting holds its permit until then),
 * {@code allow} (host names, {@code *.domain}, addresses, CIDR blocks; none).
 */
public final class FetchHandler implements TaskHandler<PageRequest, Page> {
    private static final int MOST_REDIRECTS = 10;
    private static final List<String> OPTIONS =
            List.of("user-agent", "max-body", "max-links", "connect-timeout-ms", "allow");

    private final Function<Vertx, Lookup> lookups;
    private @Nullable Started started;

    private record Started(CancellableClient client, MultiMap headers, PageReader reader, Destinations destinations) {}

    public FetchHandler() {
        this(Lookup::of);
    }

    /** @param lookups finds the addresses of names, made for a Vert.x */
    FetchHandler(Function<Vertx, Lookup> lookups) {
        this.lookups = lookups;
    }

    @Override
    public String type() {
        return "fetch";
    }

    @Override
    public Future<Void> start(HandlerContext context) {
        Options options = new Options(type(), context.options(), OPTIONS);
        CancellableClient.Limits limits = new CancellableClient.Limits(
                options.number("max-body", 4 * 1024 * 1024), options.number("connect-timeout-ms", 5000));
        PageReader reader = new PageReader(options.number("max-links", 1000));
        MultiMap headers = HttpHeaders.headers();
        options.addHeader(headers, "user-agent", "user-agent", options.text("user-agent", "Sluice"));
        Destinations destinations =
                new Destinations(lookups.apply(context.vertx()), options.allowList("allow"), limits.connectTimeoutMs());
        return options.check().map(x -> {
            started = new Started(CancellableClient.open(context, limits), headers, reader, destinations);
            return null;
        });
    }

    @Override
    public Future<Void> stop() {
        return started == null ? Future.succeededFuture() : started.client().close();
    }

    @Override
    public Future<Page> handle(PageRequest request, TaskContext task) {
        Started running = Objects.requireNonNull(started, "start comes first");
        return get(running, Target.of(request.url()), task, 0);
    }

    private Future<Page> get(Started running, Target target, TaskContext task, int redirects) {
        return running.destinations()
                .of(target, task)
                .compose(allowed -> ask(running, allowed, task))
                .compose(answer -> {
                    String location = answer.redirect();
                    if (location != null && redirects == MOST_REDIRECTS) {
                        return Future.failedFuture(new PermanentFailure(
                                "more than " + MOST_REDIRECTS + " redirects, the last one from " + target.url()));
                    }
                    if (location != null) {
                        return get(running, target.resolve(location), task, redirects + 1);
                    }
                    if (!answer.isSuccess()) {
                        return Future.failedFuture(answer.failure(target.url(), Instant.now()));
                    }
                    return task.blocking(() -> running.reader().read(target.url(), answer));
                });
    }

    /** Asks at the first address that takes the connection. */
    private static Future<Answer> ask(Started running, List<Destination> allowed, TaskContext task) {
        return running.client()
                .send(HttpMethod.GET, allowed.get(0), running.headers(), null, task)
                .recover(failure ->
                        allowed.size() > 1 && failure instanceof ConnectionFailure connecting && !connecting.connected()
                                ? ask(running, allowed.subList(1, allowed.size()), task)
                                : Future.failedFuture(failure));
    }
}
