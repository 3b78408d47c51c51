package io.sluice.producer.guard;

import io.sluice.settings.Fault;
import io.sluice.settings.SettingsException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that are let in. Read from lines {@code NAME SHA256}, with empty ones and comments from a {@code #} on between
 * them; a name may have several, as while one is replaced. Immutable.
 */
public final class Tokens {
    static final String SETTING = "producer.tokens-file";

    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+([0-9a-fA-F]{64})");

    private final List<Entry> entries;

    private Tokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** @throws SettingsException that names the file and the line, but never shows it: it may be a secret */
    public static Tokens parse(String file, byte[] content) {
        List<Entry> entries = new ArrayList<>();
        int number = 0;
        for (String line : text(file, content).lines().toList()) {
            number++;
            String kept = line.split("#", 2)[0].strip();
            if (!kept.isEmpty()) {
                entries.add(entry(file + ":" + number, kept));
            }
        }
        return new Tokens(entries);
    }

    private static String text(String file, byte[] content) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault(file, "is not UTF-8 text");
        }
    }

    private static Entry entry(String place, String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches() || !Token.isName(parts.group(1))) {
            throw fault(place, "must be NAME and 64 hexadecimal digits, as `sluice token NAME` prints them");
        }
        return new Entry(parts.group(1), HexFormat.of().parseHex(parts.group(2)));
    }

    static SettingsException fault(String place, String expected) {
        return new SettingsException(List.of(new Fault(SETTING, null, place + " " + expected)));
    }

    public int size() {
        return entries.size();
    }

    /** How many are called that. */
    public int named(String name) {
        return (int) entries.stream().filter(each -> each.name.equals(name)).count();
    }

    /**
     * The name of a token, or null if it is none of these. Takes as long for any: it is compared with all, each time to the
     * end, and what is compared are hashes, which nobody can approach bit by bit.
     */
    public @Nullable String nameOf(Token token) {
        byte[] hash = token.hash();
        String name = null;
        for (Entry each : entries) {
            if (MessageDigest.isEqual(each.hash, hash)) {
                name = each.name;
            }
        }
        return name;
    }

    private static final class Entry {
        final String name;
        final byte[] hash;

        Entry(String name, byte[] hash) {
            this.name = name;
            this.hash = hash;
        }
    }
}
