package io.sluice.producer.guard;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Bodies that are held in memory until they are complete: all together no more than so many bytes, however many send them
 * and however slowly. Each counts with the length that it announces, or if it does not with the largest there may be, and
 * once it is read with its own, to the end of its answer. Event loop.
 */
final class Bodies {
    private static final String SIZE = "sluice.body";
    private static final int TOO_MANY_REQUESTS = 429;

    private final long most;
    private final int largest;
    private final Refusal refusal;
    private long held;

    Bodies(long most, int largest, Refusal refusal) {
        this.most = Math.max(most, largest);
        this.largest = largest;
        this.refusal = refusal;
    }

    void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        long size = size(request);
        if (size > largest) {
            // Whoever reads it refuses it for that, without holding any of it.
            context.next();
        } else if (held + size > most) {
            refusal.answer(
                    request, TOO_MANY_REQUESTS, "too much is being sent here at once; try again in a moment", null);
        } else {
            held += size;
            context.put(SIZE, size);
            context.addEndHandler(done -> held -= context.<Long>get(SIZE));
            context.next();
        }
    }

    /** Its body is read: from now on it counts with what it has. */
    void read(RoutingContext context) {
        Long announced = context.get(SIZE);
        if (announced != null) {
            long size = context.body().length();
            held += Math.max(0, size) - announced;
            context.put(SIZE, Math.max(0, size));
        }
        context.next();
    }

    private long size(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? largest : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return largest;
        }
    }

    long held() {
        return held;
    }
}
