package io.sluice.producer.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a client shows to be let in: 256 random bits, behind a prefix by which scanners for leaked secrets know it.
 *
 * @param secret as it stands in {@code Authorization: Bearer …}
 */
public record Token(String secret) {
    /** Names are logged, and part of a task's source, which is a URI. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final String PREFIX = "sluice_";
    private static final int BYTES = 32;

    public static Token random() {
        byte[] bits = new byte[BYTES];
        new SecureRandom().nextBytes(bits);
        return new Token(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    /** Whether a token may be called that: 1 to 64 letters, digits, dots, dashes and underscores. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** What the file of tokens has of it: a name, and a hash that tells nobody the token. */
    public String line(String name) {
        return name + " " + HexFormat.of().formatHex(hash());
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Without the secret, so that no log line has it. */
    @Override
    public String toString() {
        return "Token[…]";
    }
}
