package io.sluice.standalone.site;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The site's pages, in memory: the HTML of the javadoc jars that the build put on the class path, by path, in the order
 * of their paths. Immutable.
 */
public final class Pages {
    private static final List<String> SETS = List.of("kafka-clients", "vertx-core");
    private static final int MAX_BYTES = 256 * 1024;

    private final Map<String, Buffer> byPath;
    private final List<String> paths;

    private Pages(Map<String, Buffer> byPath) {
        this.byPath = byPath;
        this.paths = List.copyOf(byPath.keySet());
    }

    /**
     * Reads every page of at most 256 KiB: some 1,400 of them, about 30 MB. Takes half a second: not for an event loop.
     *
     * @throws IllegalStateException when the build left the jars out
     */
    public static Pages load() {
        TreeMap<String, Buffer> pages = new TreeMap<>();
        SETS.forEach(set -> read(set, pages));
        return new Pages(pages);
    }

    int size() {
        return paths.size();
    }

    /** The path of page number n, which starts again from the first after the last. */
    String path(int n) {
        return paths.get(n % paths.size());
    }

    @Nullable
    Buffer at(String path) {
        return byPath.get(path);
    }

    private static void read(String set, Map<String, Buffer> pages) {
        String resource = "/site/" + set + "-javadoc.jar";
        try (InputStream stream = Pages.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException(
                        "The pages " + resource + " are not on the class path; build with: mvn package");
            }
            JarInputStream jar = new JarInputStream(stream, false);
            for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
                if (entry.getName().endsWith(".html")) {
                    byte[] page = jar.readNBytes(MAX_BYTES + 1);
                    if (page.length <= MAX_BYTES) {
                        pages.put("/" + set + "/" + entry.getName(), Buffer.buffer(page));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The pages " + resource + " cannot be read", e);
        }
    }
}
