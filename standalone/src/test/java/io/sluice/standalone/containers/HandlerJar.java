package io.sluice.standalone.containers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar as users make them: handlers, named in {@code META-INF/services}. */
final class HandlerJar {
    private static final String ECHO = """
            package example;

            import com.fasterxml.jackson.databind.JsonNode;
            import io.sluice.handler.BlockingTaskHandler;
            import io.sluice.handler.TaskContext;
            import org.slf4j.LoggerFactory;

            public final class Echo implements BlockingTaskHandler<JsonNode, JsonNode> {
                @Override
                public String type() {
                    return "echo";
                }

                @Override
                public JsonNode handle(JsonNode payload, TaskContext task) {
                    LoggerFactory.getLogger(Echo.class).info("Echoing\\nin two lines");
                    if (payload.path("fails").asBoolean() && task.attempt() == 1) {
                        throw new IllegalStateException("not \\"yet\\"\\n{");
                    }
                    return payload;
                }
            }
            """;

    /** A task of 100 ms, whose result says from when to when, in milliseconds since 1970. */
    private static final String TIMED = """
            package example;

            import com.fasterxml.jackson.databind.JsonNode;
            import io.sluice.handler.TaskContext;
            import io.sluice.handler.TaskHandler;
            import io.vertx.core.Future;
            import io.vertx.core.Vertx;
            import java.util.Map;

            public final class Timed implements TaskHandler<JsonNode, Map<String, Long>> {
                @Override
                public String type() {
                    return "timed";
                }

                @Override
                public Future<Map<String, Long>> handle(JsonNode payload, TaskContext task) {
                    long start = System.currentTimeMillis();
                    return Vertx.currentContext()
                            .owner()
                            .timer(100)
                            .map(done -> Map.of("start", start, "end", System.currentTimeMillis()));
                }
            }
            """;

    private HandlerJar() {}

    /** Makes it in the folder, for anybody to read. */
    static void in(Path folder) throws Exception {
        Path sources = Files.createDirectories(folder.resolveSibling("handler-sources"));
        Path echo = Files.writeString(sources.resolve("Echo.java"), ECHO);
        Path timed = Files.writeString(sources.resolve("Timed.java"), TIMED);
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        sources.toString(),
                        echo.toString(),
                        timed.toString());
        assertThat(failed).isZero();
        Path jar = folder.resolve("handlers.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            add(out, "example/Echo.class", Files.readAllBytes(sources.resolve("example/Echo.class")));
            add(out, "example/Timed.class", Files.readAllBytes(sources.resolve("example/Timed.class")));
            add(out, "META-INF/services/io.sluice.handler.BlockingTaskHandler", "example.Echo\n".getBytes(UTF_8));
            add(out, "META-INF/services/io.sluice.handler.TaskHandler", "example.Timed\n".getBytes(UTF_8));
        }
        // The container's user is another one.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void add(JarOutputStream jar, String name, byte[] content) throws Exception {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }
}
