package io.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("sluice.yaml");
    }

    private void refused(String why) {
        assertThatThrownBy(() -> SettingsLoader.load(file, Map.of("SLUICE_UNKNOWN", "too")))
                .isInstanceOf(SettingsException.class)
                .hasMessage(file + ": " + why);
    }

    private void refused(String yaml, String why) throws IOException {
        Files.writeString(file, yaml);
        refused(why);
    }

    @Test
    void aMissingFileIsNamed() {
        refused("no such file");
    }

    @Test
    void aDirectoryIsNoFile() {
        file = folder;
        refused("a directory, where a YAML file is expected");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        Files.write(file, "topic: größe".getBytes(StandardCharsets.ISO_8859_1));
        refused("not UTF-8 text");
    }

    @Test
    void aSyntaxErrorHasItsLineAndColumn() throws IOException {
        refused(
                "topic: tasks\nconsumer: group: x\n",
                "not YAML at line 2, column 16: mapping values are not allowed here");
    }

    @Test
    void aTabIsNamedAsSuch() throws IOException {
        refused(
                "consumer:\n\tgroup: x\n",
                "not YAML at line 2, column 1: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB)"
                        + " for indentation)");
    }

    @Test
    void aKeyGivenTwiceIsRefusedAtItsSecondPlace() throws IOException {
        refused("topic: a\ntopic: b\n", "not YAML at line 2, column 1: found duplicate key topic");
    }

    @Test
    void controlCharactersAreRefused() throws IOException {
        refused("topic: a\u0001\n", "not YAML: special characters are not allowed");
    }

    @Test
    void aTreeWithoutEndIsRefused() throws IOException {
        refused("types: &all\n  fetch: *all\n", "not YAML: what begins at line 1 has an alias of itself inside");
    }

    @Test
    void aTreeMergedIntoItselfIsRefused() throws IOException {
        refused("types: &all\n  <<: *all\n", "not YAML: what begins at line 1 has an alias of itself inside");
    }

    @Test
    void anEmptyKeyIsRefused() throws IOException {
        refused("?\n: x\n", "a key is empty, or a value is nothing that JSON has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"just text", "[a, b]", "42"})
    void aRootThatIsNoMappingIsRefused(String yaml) throws IOException {
        refused(yaml, "not a mapping: expected lines such as topic: tasks");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# only a comment\n", "\uFEFF"})
    void anEmptyFileLeavesEverythingOut(String yaml) {
        assertThat(Loading.settings(yaml)).isEqualTo(Settings.defaults());
    }

    @Test
    void aliasesAndMergesWork() {
        Settings settings = Loading.settings("""
                types:
                  fetch: &slow {timeout: 2m, results: none}
                  http: {<<: *slow, results: failures}
                """);

        assertThat(settings.type("http").timeout())
                .isEqualTo(settings.type("fetch").timeout());
        assertThat(settings.type("http").answers().results()).isEqualTo(Results.FAILURES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"on", "no", "010", "10:30", "0x10", "2026-01-01", "1_000", "1e"})
    void plainWordsStayWords(String word) {
        assertThat(Loading.settings("default-type: " + word).defaultType()).isEqualTo(word);
    }
}
