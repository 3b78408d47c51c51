package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.KUBERNETES;
import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What kustomize is told: nothing is missing, and nothing lies about unused. */
class KustomizationTest {
    private static final String NAME = "kustomization.yaml";

    @Test
    void everyFileThatIsNamedIsThere() {
        assertThat(named()).isNotEmpty().allSatisfy(file -> assertThat(file).isRegularFile());
    }

    @Test
    void everyFileThatIsThereIsNamed() {
        List<Path> others = DeployFiles.under(KUBERNETES, ".yaml", ".yml").stream()
                .filter(file -> !file.endsWith(NAME))
                .toList();

        assertThat(named()).containsAll(others);
    }

    @Test
    void theReadmeNamesEveryComponent() {
        String readme = DeployFiles.text(KUBERNETES.resolve("README.md"));

        assertThat(kustomizations())
                .filteredOn(file -> file.startsWith(DeployFiles.COMPONENTS))
                .hasSizeGreaterThan(5)
                .allSatisfy(file -> assertThat(readme).contains("`" + folderName(file) + "`"));
    }

    @Test
    void theExampleShowsAllComponentsButTheOneThatExcludesAnother() {
        Path example = KUBERNETES.resolve("overlays/example").resolve(NAME);

        assertThat(texts(DeployFiles.document(example).path("components")).stream()
                        .map(component -> Path.of(component).getFileName().toString()))
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(kustomizations().stream()
                        .filter(file -> file.startsWith(DeployFiles.COMPONENTS))
                        .map(KustomizationTest::folderName)
                        .filter(name -> !name.equals("scrape-annotations"))
                        .toList());
    }

    @Test
    void componentsAreComponentsAndTheRestIsNot() {
        assertThat(kustomizations())
                .allSatisfy(file -> assertThat(
                                DeployFiles.document(file).path("kind").asText())
                        .isEqualTo(file.startsWith(DeployFiles.COMPONENTS) ? "Component" : "Kustomization"));
    }

    private static String folderName(Path file) {
        return file.getName(file.getNameCount() - 2).toString();
    }

    private static List<Path> kustomizations() {
        return DeployFiles.under(KUBERNETES, NAME);
    }

    /** The files that all kustomizations name; a folder stands for its kustomization. */
    private static Set<Path> named() {
        Set<Path> files = new TreeSet<>();
        for (Path kustomization : kustomizations()) {
            JsonNode content = DeployFiles.document(kustomization);
            Stream.of(
                            texts(content.path("resources")).stream(),
                            texts(content.path("components")).stream(),
                            items(content.path("patches")).stream()
                                    .map(patch -> patch.required("path").asText()),
                            items(content.path("configMapGenerator")).stream()
                                    .flatMap(generator -> texts(generator.path("files")).stream()))
                    .flatMap(names -> names)
                    .map(name -> kustomization.resolveSibling(name).normalize())
                    .map(file -> Files.isDirectory(file) ? file.resolve(NAME) : file)
                    .forEach(files::add);
        }
        return files;
    }
}
