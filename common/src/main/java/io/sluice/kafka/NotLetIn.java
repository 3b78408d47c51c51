package io.sluice.kafka;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.jspecify.annotations.Nullable;

/** Says in one line why a broker does not talk to a client: TLS, who it is, or what it may do. Trying again does not help. */
public final class NotLetIn {
    private NotLetIn() {}

    /**
     * Describes it.
     *
     * @param servers as {@code bootstrap.servers} has them
     * @return null if the failure is another
     */
    public static @Nullable String why(String servers, @Nullable Throwable failure) {
        if (failure instanceof SslAuthenticationException) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            return "no TLS connection to the broker at " + servers + " (" + root.getMessage()
                    + "); see kafka.ssl.truststore.location";
        }
        if (failure instanceof AuthenticationException) {
            return "the broker at " + servers + " does not let this client in (" + failure.getMessage()
                    + "); see kafka.sasl.jaas.config";
        }
        return failure instanceof AuthorizationException
                ? "the broker at " + servers + " refuses this client (" + failure + ")"
                : null;
    }
}
