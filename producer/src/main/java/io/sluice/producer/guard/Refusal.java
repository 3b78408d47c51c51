package io.sluice.producer.guard;

import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** How a request is answered that is not let in. */
@FunctionalInterface
public interface Refusal {
    /**
     * Ends the response, unless it has ended. On the request's event loop.
     *
     * @param detail what is wrong with this request, in one line
     * @param field the header that is wrong, or null
     */
    void answer(HttpServerRequest request, int status, String detail, @Nullable String field);
}
