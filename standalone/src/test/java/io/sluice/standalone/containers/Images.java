package io.sluice.standalone.containers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The images of this very working copy, built once for all tests of a JVM and untagged with its end. Their tag is this
 * JVM's own, so that no other takes them away. Blocks for minutes.
 */
final class Images {
    private static final String TAG = ":under-test-" + ProcessHandle.current().pid();
    static final String CONSUMER = "sluice-consumer" + TAG;
    static final String PRODUCER = "sluice-producer" + TAG;

    private Images() {}

    /** Returns when both are built; skips the test where there is no engine. */
    static void build() {
        Engine.assumeAnswers();
        Built.once();
    }

    /** The root of the working copy. */
    static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docker-compose.yml"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no docker-compose.yml in any folder above");
            }
        }
        return folder;
    }

    /** Initialised by the first that asks. */
    private static final class Built {
        static {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> List.of(CONSUMER, PRODUCER)
                                    .forEach(image -> Engine.docker(repository(), "rmi", "--force", image)),
                            "sluice-untag-images"));
            Engine.docker(repository(), "build", "-f", "consumer/Dockerfile", "-t", CONSUMER, ".");
            Engine.docker(repository(), "build", "-f", "producer/Dockerfile", "-t", PRODUCER, ".");
        }

        static void once() {}
    }
}
