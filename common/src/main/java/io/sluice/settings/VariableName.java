package io.sluice.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a setting is named in the environment: {@code consumer.max-in-flight} is {@code SLUICE_CONSUMER_MAX_IN_FLIGHT}. */
final class VariableName {
    static final String PREFIX = "SLUICE_";

    // Kubernetes and Docker set these for a service called sluice or sluice-something. They are nobody's typo.
    private static final Pattern SERVICE_LINK =
            Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private VariableName() {}

    static String of(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", "_");
    }

    /** Without case and punctuation, for names that a variable cannot spell. */
    static String squash(String name) {
        return of(name).replace("_", "");
    }

    static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
    }
}
