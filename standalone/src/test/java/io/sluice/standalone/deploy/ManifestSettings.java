package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.BASE;
import static io.sluice.standalone.deploy.DeployFiles.COMPONENTS;
import static io.sluice.standalone.deploy.DeployFiles.items;
import static io.sluice.standalone.deploy.DeployFiles.texts;

import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings as the pods have them: the file of the base, and over it the variables of the config map. */
final class ManifestSettings {
    /** How a variable ends that names a file with the value. */
    static final String FROM_FILE = "_FILE";

    private ManifestSettings() {}

    static Settings ofBase() {
        return SettingsLoader.load(BASE.resolve("sluice.yaml"), variables(BASE));
    }

    /** @throws io.sluice.settings.SettingsException with all faults */
    static Settings with(String component) {
        Map<String, String> variables = variables(BASE);
        variables.putAll(variables(COMPONENTS.resolve(component)));
        return SettingsLoader.load(BASE.resolve("sluice.yaml"), variables);
    }

    /** What a kustomization puts into the config map that is the environment. What is in a secret's file is made up. */
    static Map<String, String> variables(Path folder) {
        Map<String, String> variables = new HashMap<>();
        items(DeployFiles.document(folder.resolve("kustomization.yaml")).path("configMapGenerator"))
                .forEach(generator -> texts(generator.path("literals")).forEach(literal -> {
                    String[] parts = literal.split("=", 2);
                    if (parts[0].endsWith(FROM_FILE)) {
                        variables.put(parts[0].substring(0, parts[0].length() - FROM_FILE.length()), "a secret");
                    } else {
                        variables.put(parts[0], parts[1]);
                    }
                }));
        return variables;
    }
}
