package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.items;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The pods that the manifests make, and what selects them. */
final class Pods {
    private static final Set<String> MAKERS = Set.of("Deployment", "Job");

    private Pods() {}

    /** The base's Deployments and Jobs. */
    static List<JsonNode> makers() {
        return DeployFiles.under(DeployFiles.BASE, ".yaml").stream()
                .flatMap(file -> DeployFiles.documents(file).stream())
                .filter(object -> MAKERS.contains(object.path("kind").asText()))
                .toList();
    }

    /** The base's, and those that components add; a patch of a container has no image. */
    static List<JsonNode> containers() {
        return DeployFiles.objects().stream()
                .filter(object -> MAKERS.contains(object.path("kind").asText()))
                .flatMap(object -> containers(object).stream())
                .filter(container -> container.has("image"))
                .toList();
    }

    /** The containers of a Deployment or Job, those of its start too. */
    static List<JsonNode> containers(JsonNode maker) {
        JsonNode spec = maker.at("/spec/template/spec");
        return Stream.concat(items(spec.path("initContainers")).stream(), items(spec.path("containers")).stream())
                .toList();
    }

    /** Those whose pods a selector of labels takes. */
    static List<JsonNode> selectedBy(JsonNode matchLabels) {
        return makers().stream()
                .filter(maker -> matchLabels.properties().stream()
                        .allMatch(label -> label.getValue()
                                .equals(maker.at("/spec/template/metadata/labels")
                                        .path(label.getKey()))))
                .toList();
    }

    static Set<String> portNames(List<JsonNode> makers) {
        Set<String> names = new TreeSet<>();
        makers.stream()
                .flatMap(maker -> containers(maker).stream())
                .flatMap(container -> items(container.path("ports")).stream())
                .forEach(port -> names.add(port.path("name").asText()));
        return names;
    }
}
