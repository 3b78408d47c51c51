package io.sluice.standalone.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * What a Java process runs.
 *
 * @param name what people call it
 * @param mainClass for a consumer, one that calls {@link io.sluice.standalone.bench.subject.Subject#run}
 * @param flags of the JVM
 */
public record Program(String name, String classPath, String mainClass, List<String> flags) {
    private static final int FIRST_WITH_WARNINGS = 24;

    /** Something of this process's own class path. */
    static Program here(String name, Class<?> mainClass) {
        return new Program(name, System.getProperty("java.class.path"), mainClass.getName(), List.of());
    }

    /** Sluice's consumer. */
    public static Program sluice() {
        return here("sluice", SluiceSubject.class);
    }

    /**
     * The same with a heap of that size, from the beginning.
     *
     * @param further flags of the user's
     */
    public Program with(int heapMegabytes, List<String> further) {
        List<String> all = new ArrayList<>(flags);
        all.add("-Xms" + heapMegabytes + "m");
        all.add("-Xmx" + heapMegabytes + "m");
        if (Runtime.version().feature() >= FIRST_WITH_WARNINGS) {
            all.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        all.addAll(further);
        return new Program(name, classPath, mainClass, List.copyOf(all));
    }
}
