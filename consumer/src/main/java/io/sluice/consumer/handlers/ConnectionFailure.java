package io.sluice.consumer.handlers;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** A request that got no whole answer, in one line that names the server. Another try may help. */
final class ConnectionFailure extends IOException {
    private final boolean connected;

    private ConnectionFailure(String message, Throwable cause, boolean connected) {
        super(message, cause);
        this.connected = connected;
    }

    /** @param connected whether there was a connection, so that the server may have seen the request */
    static ConnectionFailure of(Target target, Throwable cause, boolean connected) {
        return new ConnectionFailure(describe(target, cause), cause, connected);
    }

    boolean connected() {
        return connected;
    }

    private static String describe(Target target, Throwable cause) {
        String server = target.hostAndPort();
        if (cause instanceof UnknownHostException) {
            return "unknown host: " + target.host();
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
            return "connecting took too long: " + server;
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to host: " + server;
        }
        if (cause instanceof ConnectException) {
            return "connection refused: " + server;
        }
        if (cause instanceof HttpClosedException) {
            return "connection closed before the answer was complete: " + server;
        }
        if (cause instanceof SSLException) {
            return "no TLS connection: " + server + " (" + firstLine(cause) + ")";
        }
        return "connection failed: " + server + " (" + firstLine(cause) + ")";
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
