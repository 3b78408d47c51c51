package io.sluice.consumer.handlers;

import java.nio.charset.StandardCharsets;

/**
 * Text in an HTTP header, encoded as CloudEvents' HTTP binding 1.0, section 3.1.3.2, says: bytes of UTF-8 that are no printable
 * ASCII, and space, double quote and percent, become {@code %XX}. So no key or id can break out of its header.
 */
final class HeaderText {
    private HeaderText() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > ' ' && b < 0x7f && b != '"' && b != '%';
            if (plain) {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b));
            }
        }
        return encoded.toString();
    }
}
