package io.sluice.producer.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import io.sluice.settings.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The file of tokens, as it is added to. */
public final class TokenFile {
    private static final String OWNERS = "rw-------";

    private TokenFile() {}

    /**
     * Adds a token's line in one write at the end, so that whoever reads meanwhile has all of it or none, others who add
     * lose nothing, and the file stays the one that it is: its owner, its rights, the link to it. A new file is its owner's
     * alone.
     *
     * @return how many tokens of that name the file has now
     * @throws SettingsException if what is there is no file of tokens
     */
    public static int add(Path file, Token token, String name) throws IOException {
        boolean isNew = Files.notExists(file);
        byte[] before = isNew ? new byte[0] : Files.readAllBytes(file);
        Tokens there = Tokens.parse(file.toString(), before);
        boolean endsInLine = before.length > 0 && before[before.length - 1] != '\n';
        String added = (endsInLine ? "\n" : "") + token.line(name) + "\n";
        try (SeekableByteChannel channel = isNew
                ? Files.newByteChannel(file, Set.of(WRITE, CREATE_NEW), ownersAlone())
                : Files.newByteChannel(file, WRITE, APPEND)) {
            channel.write(ByteBuffer.wrap(added.getBytes(UTF_8)));
        }
        return there.named(name) + 1;
    }

    private static FileAttribute<?>[] ownersAlone() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS))}
                : new FileAttribute<?>[0];
    }
}
