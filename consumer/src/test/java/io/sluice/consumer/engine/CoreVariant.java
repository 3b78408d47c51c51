package io.sluice.consumer.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The engine with some of its sources changed, compiled in memory, and the simulator on top of it: all classes of this
 * package once more, in a loader of their own.
 */
final class CoreVariant {
    private static final String PACKAGE = "io.sluice.consumer.engine.";
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", ""), "src", "main", "java", "io", "sluice", "consumer", "engine");

    private final Method play;

    private CoreVariant(Method play) {
        this.play = play;
    }

    static CoreVariant of(List<CorePatch> patches) {
        try {
            Map<String, String> changed = new HashMap<>();
            for (CorePatch patch : patches) {
                Path file = SOURCES.resolve(patch.type() + ".java");
                String source = changed.containsKey(patch.type())
                        ? Objects.requireNonNull(changed.get(patch.type()))
                        : Files.readString(file);
                changed.put(patch.type(), patch.apply(source));
            }
            Method play = new Loader(compile(changed))
                    .loadClass(Simulator.class.getName())
                    .getDeclaredMethod("play", long.class);
            play.setAccessible(true);
            return new CoreVariant(play);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As {@link Simulator#play}. */
    @Nullable
    String play(long seed) {
        try {
            return (String) play.invoke(null, seed);
        } catch (InvocationTargetException e) {
            return "exception: " + e.getCause();
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> compile(Map<String, String> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter faults = new StringWriter();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                InMemory memory = new InMemory(files)) {
            List<Source> units = new ArrayList<>();
            sources.forEach((type, text) -> units.add(new Source(type, text)));
            List<String> options = List.of("--release", "17", "-proc:none", "-nowarn", "-classpath", classPath);
            if (!compiler.getTask(faults, memory, null, options, null, units).call()) {
                throw new IllegalStateException("a broken core does not compile: " + faults);
            }
            Map<String, byte[]> classes = new HashMap<>();
            memory.written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + PACKAGE.replace('.', '/') + type + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(name, added -> new ByteArrayOutputStream());
                }
            };
        }
    }

    /** Has its own copy of this package's classes, the changed ones in place of the others. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> changed) {
            super(CoreVariant.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    loaded = name.startsWith(PACKAGE) ? define(name) : super.loadClass(name, resolve);
                }
                return loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                bytes = unchanged(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        private byte[] unchanged(String name) throws ClassNotFoundException {
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
