package io.sluice.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a YAML file as one mapping.
 *
 * <p>It uses SnakeYAML, which vertx-config-yaml brings, directly: {@code ConfigRetriever} needs a running Vert.x and
 * answers later, and its YAML processor hides the place of an error and lets the second of two equal keys win.
 */
final class SettingsFile {
    private final Path file;

    private SettingsFile(Path file) {
        this.file = file;
    }

    /** @throws SettingsException with one fault, if the file cannot be read or is no mapping */
    static ObjectNode read(Path path) {
        SettingsFile file = new SettingsFile(path);
        return file.mapping(file.parsed(file.text()));
    }

    private String text() {
        try {
            if (Files.isDirectory(file)) {
                throw fault("a directory, where a YAML file is expected");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw fault("no such file");
        } catch (AccessDeniedException e) {
            throw fault("permission to read it is denied");
        } catch (CharacterCodingException e) {
            throw fault("not UTF-8 text");
        } catch (IOException e) {
            throw fault("cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private @Nullable Object parsed(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        DumperOptions unused = new DumperOptions();
        try {
            return new Yaml(new Trees(options), new Representer(unused), unused, options, new JsonScalars()).load(text);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String place =
                    mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
            throw fault("not YAML" + place + ": " + problem(e));
        } catch (YAMLException e) {
            throw fault("not YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** Some of SnakeYAML's messages repeat what begins with these two, which may be a password. */
    private static String problem(MarkedYAMLException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("alias")) {
            return "an alias of nothing; a text that begins with * needs quotes";
        }
        return problem.contains("tag") ? "a tag; a text that begins with ! needs quotes" : problem;
    }

    private ObjectNode mapping(@Nullable Object root) {
        ObjectMapper json = new ObjectMapper();
        if (root == null) {
            return json.createObjectNode();
        }
        try {
            JsonNode tree = json.valueToTree(root);
            if (tree instanceof ObjectNode mapping) {
                return mapping;
            }
        } catch (IllegalArgumentException e) {
            throw fault("a key is empty, or a value is nothing that JSON has");
        }
        throw fault("not a mapping: expected lines such as topic: tasks");
    }

    private SettingsException fault(String what) {
        return new SettingsException(List.of(new Fault(file.toString(), null, what)));
    }

    /** Refuses an alias inside of what it stands for: a tree without end. */
    private static final class Trees extends SafeConstructor {
        Trees(LoaderOptions options) {
            super(options);
        }

        @Override
        protected Object constructObject(Node node) {
            if (node.isTwoStepsConstruction()) {
                throw new YAMLException("what begins at line "
                        + (node.getStartMark().getLine() + 1) + " has an alias of itself inside");
            }
            return super.constructObject(node);
        }
    }

    /** Plain scalars as JSON has them. YAML 1.1 would read {@code on} as true, {@code 010} as 8 and 10:30 as 630. */
    private static final class JsonScalars extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, Pattern.compile("true|True|TRUE|false|False|FALSE"), "tTfF");
            addImplicitResolver(Tag.INT, Pattern.compile("[-+]?(0|[1-9][0-9]*)"), "-+0123456789");
            addImplicitResolver(
                    Tag.FLOAT,
                    Pattern.compile(
                            "[-+]?((0|[1-9][0-9]*)\\.[0-9]*|\\.[0-9]+|(0|[1-9][0-9]*)(?=[eE]))([eE][-+]?[0-9]+)?"),
                    "-+0123456789.");
            addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
            addImplicitResolver(Tag.NULL, Pattern.compile("~|null|Null|NULL"), "~nN");
            addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
        }
    }
}
