package io.sluice.producer.http;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.sluice.record.TraceContext;
import io.sluice.tracing.Tracing;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A span for each request that was let in, as the semantic conventions for HTTP servers describe it. Its parent is the
 * context that the request came with; tasks of the request continue it. Event loop.
 */
final class ServerSpans {
    private static final String OWN = ServerSpans.class.getName();

    /** Those that the conventions take as a name; others anyone could make up. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

    private final @Nullable Tracer tracer;
    private final UnaryOperator<@Nullable String> routes;

    /** @param routes the route of a path; null for one that is nobody's */
    ServerSpans(Tracing tracing, UnaryOperator<@Nullable String> routes) {
        this.tracer = tracing.tracer();
        this.routes = routes;
    }

    void begin(RoutingContext request) {
        if (tracer != null) {
            Context parent = Tracing.parent(TraceParent.of(request.request().headers()), Context.root());
            Span span = describe(tracer, request).setParent(parent).startSpan();
            TraceContext own = Tracing.told(parent.with(span));
            if (own != null) {
                request.put(OWN, own);
            }
            request.addEndHandler(ended -> end(span, request, ended));
        }
        request.next();
    }

    private SpanBuilder describe(Tracer tracer, RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String method = request.method().name();
        boolean isKnown = METHODS.contains(method);
        String route = routes.apply(routing.normalizedPath());
        SpanBuilder builder = tracer.spanBuilder((isKnown ? method : "HTTP") + (route == null ? "" : " " + route))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("http.request.method", isKnown ? method : "_OTHER")
                .setAttribute("url.scheme", request.isSSL() ? "https" : "http")
                .setAttribute("url.path", routing.normalizedPath());
        if (route != null) {
            builder.setAttribute("http.route", route);
        }
        return builder;
    }

    private static void end(Span span, RoutingContext request, AsyncResult<Void> ended) {
        int status = request.response().getStatusCode();
        if (ended.failed()) {
            span.setAttribute("error.type", ended.cause().getClass().getName());
            span.setStatus(StatusCode.ERROR, String.valueOf(ended.cause().getMessage()));
        } else {
            span.setAttribute("http.response.status_code", status);
        }
        if (ended.succeeded() && status >= 500) {
            span.setAttribute("error.type", Integer.toString(status));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    /** The context that tasks of the request continue: its span's, or the one that it came with. */
    static @Nullable TraceContext of(RoutingContext request) {
        TraceContext own = request.get(OWN);
        return own == null ? TraceParent.of(request.request().headers()) : own;
    }
}
