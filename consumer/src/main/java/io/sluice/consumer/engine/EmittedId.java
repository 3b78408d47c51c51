package io.sluice.consumer.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The id of a follow-up task: half a SHA-256 of its parent's id and its own content, so that a repeat makes the same. */
final class EmittedId {
    private EmittedId() {}

    static String of(String parentId, String type, @Nullable String key, byte[] payload) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, parentId.getBytes(StandardCharsets.UTF_8));
            add(digest, type.getBytes(StandardCharsets.UTF_8));
            add(digest, key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8));
            add(digest, payload);
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** With its length in front, so that no two different lists of parts read the same. */
    private static void add(MessageDigest digest, byte[] part) {
        byte[] length = new byte[Integer.BYTES];
        ByteBuffer.wrap(length).putInt(part.length);
        digest.update(length);
        digest.update(part);
    }
}
