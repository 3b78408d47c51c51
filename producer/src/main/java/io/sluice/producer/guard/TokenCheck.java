package io.sluice.producer.guard;

import io.vertx.ext.web.RoutingContext;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Lets a request on only if it bears a token, and notes whose it is. Before its body is read. Event loop. */
final class TokenCheck {
    private static final String NAME = "sluice.token";
    private static final String SCHEME = "Bearer ";
    private static final String CHALLENGE = "Bearer realm=\"sluice\"";

    private final Supplier<Tokens> tokens;
    private final Refusal refusal;
    private final Seldom refused;

    TokenCheck(Supplier<Tokens> tokens, Refusal refusal, LongSupplier nanoTime) {
        this.tokens = tokens;
        this.refusal = refusal;
        this.refused = new Seldom(LoggerFactory.getLogger(TokenCheck.class), nanoTime);
    }

    /** The name of the token that a request was let in with, or null if none was asked for. */
    static @Nullable String nameOf(RoutingContext request) {
        return request.get(NAME);
    }

    void admit(RoutingContext request) {
        String given = request.request().getHeader("authorization");
        if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            refuse(request, CHALLENGE, "a token is needed: send it as Authorization: Bearer …");
            return;
        }
        String name =
                tokens.get().nameOf(new Token(given.substring(SCHEME.length()).strip()));
        if (name == null) {
            refuse(request, CHALLENGE + ", error=\"invalid_token\"", "the token is not one of this server's");
            return;
        }
        request.put(NAME, name);
        request.next();
    }

    private void refuse(RoutingContext request, String challenge, String detail) {
        refused.warn("A request from " + request.request().remoteAddress() + " was refused: " + detail);
        request.response().putHeader("www-authenticate", challenge);
        refusal.answer(request.request(), 401, detail, null);
    }
}
