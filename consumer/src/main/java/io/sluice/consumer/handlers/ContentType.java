package io.sluice.consumer.handlers;

import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A {@code Content-Type} header.
 *
 * @param media such as {@code text/html}, in lower case; empty if there was no header
 * @param charset null if none is named, or one that this JVM does not know
 */
record ContentType(String media, @Nullable Charset charset) {
    static ContentType of(@Nullable String header) {
        if (header == null) {
            return new ContentType("", null);
        }
        String[] parts = header.split(";", -1);
        Charset charset = null;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.toLowerCase(Locale.ROOT).startsWith("charset=")) {
                charset = charset(parameter.substring("charset=".length()));
            }
        }
        return new ContentType(parts[0].strip().toLowerCase(Locale.ROOT), charset);
    }

    /** HTML, or not said to be anything. */
    boolean mayBeHtml() {
        return media.isEmpty() || media.equals("text/html") || media.equals("application/xhtml+xml");
    }

    /** JSON, or not said to be anything. */
    boolean mayBeJson() {
        return media.isEmpty() || media.equals("application/json") || media.endsWith("+json");
    }

    boolean isText() {
        return media.startsWith("text/");
    }

    private static @Nullable Charset charset(String name) {
        try {
            return Charset.forName(name.replace("\"", "").replace("'", "").strip());
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }
}
