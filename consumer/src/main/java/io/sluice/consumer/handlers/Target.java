package io.sluice.consumer.handlers;

import io.sluice.handler.PermanentFailure;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A URL that can be asked for, taken apart. Immutable.
 *
 * @param url the whole URL in ASCII, without a fragment, and without a user and password, which are nobody's to see
 * @param host name or address; an IPv6 address has no brackets
 * @param path path and query as they go on the wire
 */
record Target(String url, boolean tls, String host, int port, String path) {
    private static final int LONGEST_SHOWN = 200;

    /** @throws PermanentFailure if the text is no http or https URL with a host; the message names it */
    static Target of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new PermanentFailure("the url is missing");
        }
        URI uri = parse(text.strip());
        String scheme = uri.getScheme();
        boolean tls = "https".equalsIgnoreCase(scheme);
        if (!tls && !"http".equalsIgnoreCase(scheme)) {
            throw new PermanentFailure("not an http or https URL: " + shown(text));
        }
        String host = uri.getHost();
        if (host == null) {
            throw new PermanentFailure("no valid host name in URL: " + shown(text));
        }
        int port = uri.getPort() == -1 ? (tls ? 443 : 80) : uri.getPort();
        if (port < 1 || port > 65_535) {
            throw new PermanentFailure("no valid port in URL: " + shown(text));
        }
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String url = uri.getScheme() + "://" + authority(uri) + path + query;
        return new Target(
                url, tls, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port, path + query);
    }

    /**
     * Where a {@code Location} header leads to from here.
     *
     * @throws PermanentFailure if that is no URL that can be asked for
     */
    Target resolve(String location) {
        String relative = location.strip();
        // URI resolves a lone query against the folder (RFC 2396), not against the page (RFC 3986).
        return relative.startsWith("?")
                ? of(url.split("\\?", 2)[0] + relative)
                : of(parse(url).resolve(parse(relative)).toString());
    }

    /** Whether the URL has a user or a password, as far as it is a URL at all. */
    static boolean hasUser(String url) {
        return url.matches("[^/?#]*//[^/?#]*@.*");
    }

    /** With nothing of its query in what is shown of it. */
    Target withoutQueryShown() {
        return new Target(url.split("\\?", 2)[0], tls, host, port, path);
    }

    String hostAndPort() {
        return host + ":" + port;
    }

    private static URI parse(String text) {
        try {
            return new URI(new URI(text).toASCIIString());
        } catch (URISyntaxException e) {
            throw new PermanentFailure("not a URL: " + shown(text) + " (" + e.getReason() + ")");
        }
    }

    private static String authority(URI uri) {
        String authority = uri.getRawAuthority();
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    private static String shown(String whole) {
        String text = whole.replaceFirst("//.*@", "//");
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    }
}
