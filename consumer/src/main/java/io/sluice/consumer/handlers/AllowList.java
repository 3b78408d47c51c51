package io.sluice.consumer.handlers;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What may be asked although it is not public: hosts by name, whatever their addresses, and addresses, whatever their
 * names. Immutable.
 */
final class AllowList {
    static final String EXPECTED =
            "expected a host name, *.domain, an address or a CIDR block such as 10.0.0.0/8, without scheme and port";

    /** The last label has a letter: a host that is only digits is a way of writing an address. */
    private static final Pattern NAME =
            Pattern.compile("([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\\.)*(?=[0-9_-]*[a-z])[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?");

    private static final Pattern HEXADECIMAL = Pattern.compile("(.*\\.)?0x[0-9a-f]*");

    private final Set<String> names = new HashSet<>();
    private final List<String> domains = new ArrayList<>();
    private final List<AddressBlock> blocks = new ArrayList<>();

    /** @param unfit is told of every entry that is no host, address or block */
    AllowList(List<String> entries, Consumer<String> unfit) {
        entries.forEach(entry -> add(entry, unfit));
    }

    private void add(String entry, Consumer<String> unfit) {
        String name = plain(entry);
        boolean domain = name.startsWith("*.");
        String rest = domain ? name.substring(2) : name;
        if (NAME.matcher(rest).matches() && !HEXADECIMAL.matcher(rest).matches()) {
            if (domain) {
                domains.add("." + rest);
            } else {
                names.add(rest);
            }
            return;
        }
        try {
            blocks.add(AddressBlock.of(entry));
        } catch (IllegalArgumentException neither) {
            unfit.accept(entry);
        }
    }

    boolean allows(String host) {
        String name = plain(host);
        return names.contains(name) || domains.stream().anyMatch(name::endsWith);
    }

    boolean allows(InetAddress address) {
        return blocks.stream().anyMatch(block -> block.contains(address));
    }

    private static String plain(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
