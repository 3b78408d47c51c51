package io.sluice.producer.guard;

import io.sluice.settings.Fault;
import io.sluice.settings.Listen;
import io.sluice.settings.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a producer may listen where it is told to: beyond its own machine only with tokens and TLS. */
final class Exposure {
    private static final Logger log = LoggerFactory.getLogger(Exposure.class);

    private Exposure() {}

    /**
     * Looks up the host, so not on an event loop.
     *
     * @throws SettingsException in one line that says what is missing and what to do
     */
    static void check(Listen listen) {
        String missing = missing(listen);
        if (missing.isEmpty() || isLoopback(listen.host())) {
            return;
        }
        if (!listen.allowInsecure()) {
            throw fault(listen.host()
                    + " can be reached from other machines, but "
                    + missing
                    + " not set; set producer.tokens-file (see `sluice token`) together with producer.tls-certificate"
                    + " and producer.tls-key, or set producer.host to 127.0.0.1, or producer.allow-insecure to true"
                    + " where something in front has both");
        }
        log.warn(
                "Other machines can reach {} and {} not set, as producer.allow-insecure has it: whoever reaches it can"
                        + " {}",
                listen.host(),
                missing,
                listen.tokens() == null ? "submit tasks" : "read the tokens and tasks of others on their way");
    }

    private static String missing(Listen listen) {
        if (listen.tokens() == null) {
            return listen.certificate() == null
                    ? "producer.tokens-file and producer.tls-certificate are"
                    : "producer.tokens-file is";
        }
        return listen.certificate() == null ? "producer.tls-certificate is" : "";
    }

    /** 0.0.0.0 and :: are none: they are all of a machine's addresses. */
    private static boolean isLoopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw fault("no address is known for " + host);
        }
    }

    private static SettingsException fault(String what) {
        return new SettingsException(List.of(new Fault("producer.host", null, what)));
    }
}
