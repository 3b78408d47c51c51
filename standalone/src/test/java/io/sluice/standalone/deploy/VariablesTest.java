package io.sluice.standalone.deploy;

import static io.sluice.standalone.deploy.DeployFiles.COMPONENTS;
import static io.sluice.standalone.deploy.DeployFiles.ROOT;
import static io.sluice.standalone.deploy.DeployFiles.items;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.settings.Listen;
import io.sluice.settings.SettingsException;
import io.sluice.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The variables that the files of deployments give are settings, with values that work. */
class VariablesTest {
    private static final Pattern VARIABLE = Pattern.compile("\\bSLUICE_[A-Z0-9_]+\\b");

    @Test
    void everyVariableNamedIsASetting() {
        Set<String> named = new TreeSet<>();
        DeployFiles.under(DeployFiles.DEPLOY, ".yaml", ".yml", ".md")
                .forEach(file ->
                        VARIABLE.matcher(DeployFiles.text(file)).results().forEach(found -> named.add(found.group())));

        assertThat(named).contains("SLUICE_KAFKA_BOOTSTRAP_SERVERS").allMatch(VariablesTest::isSetting);
    }

    @Test
    void everyVariableThatComposeGivesIsASetting() {
        Path compose = ROOT.resolve("docker-compose.yml");
        assumeTrue(Files.exists(compose), "there is no docker-compose.yml");
        Set<String> given = new TreeSet<>();
        for (JsonNode service : items(DeployFiles.document(compose).path("services"))) {
            JsonNode environment = service.path("environment");
            environment.fieldNames().forEachRemaining(given::add);
            DeployFiles.texts(environment).forEach(text -> given.add(text.split("=", 2)[0]));
        }
        given.removeIf(name -> !VARIABLE.matcher(name).matches());

        assertThat(given).contains("SLUICE_KAFKA_BOOTSTRAP_SERVERS").allMatch(VariablesTest::isSetting);
    }

    @Test
    void aMisspeltVariableWouldBeNoticed() {
        assertThat(isSetting("SLUICE_CONSUMER_MAX_INFLIGHT")).isFalse();
        assertThat(isSetting("SLUICE_KAFKA_SECURITY_PROTOCOLL")).isFalse();
        assertThat(isSetting("SLUICE_KAFKA_SASL_JAAS_CONFIGG_FILE")).isFalse();
    }

    @Test
    void theBasesSettingsWork() {
        Listen listen = ManifestSettings.ofBase().producer().listen();

        assertThat(listen.host()).isEqualTo("0.0.0.0");
        assertThat(listen.tokens()).isEqualTo(Path.of("/run/secrets/sluice-tokens/tokens"));
    }

    @Test
    void theBaseListensWhereItsTokensAreMounted() {
        Path tokens = ManifestSettings.ofBase().producer().listen().tokens();

        assertThat(items(DeployFiles.inBase("Deployment", "sluice-producer")
                        .at("/spec/template/spec/containers/0/volumeMounts")))
                .anySatisfy(mount -> assertThat(tokens)
                        .hasParentRaw(Path.of(mount.path("mountPath").asText())));
    }

    @Test
    void theSettingsOfEachComponentWork() {
        assertThat(ManifestSettings.with("kafka-sasl-ssl").kafka())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsKey("sasl.jaas.config");
        assertThat(ManifestSettings.with("producer-tls").producer().listen())
                .returns(false, Listen::allowInsecure)
                .returns(Path.of("/run/secrets/sluice-producer-tls/tls.crt"), Listen::certificate);
    }

    @Test
    void aComponentsFilesAreWhereItMountsThem() {
        assertThat(Map.of("kafka-sasl-ssl", 2L, "producer-tls", 2L)).allSatisfy((component, count) -> {
            String mounted = DeployFiles.document(COMPONENTS.resolve(component).resolve("mount.yaml"))
                    .at("/1/value/mountPath")
                    .asText();
            String kustomization =
                    DeployFiles.text(COMPONENTS.resolve(component).resolve("kustomization.yaml"));
            assertThat(Pattern.compile("=/run/secrets/[^/]+/")
                            .matcher(kustomization)
                            .results()
                            .map(found -> found.group()))
                    .hasSize(count.intValue())
                    .containsOnly("=" + mounted + "/");
        });
    }

    /** Whether the loader knows it, for itself or as the name of a file with the value. */
    private static boolean isSetting(String variable) {
        if (!variable.endsWith(ManifestSettings.FROM_FILE)) {
            return isKnown(variable);
        }
        // Of Kafka's own, the loader lets through whatever could be a plugin's: sasl.jaas.configg.file is one to it.
        boolean isKafkas = variable.startsWith("SLUICE_KAFKA_");
        return (!isKafkas && isKnown(variable))
                || isKnown(variable.substring(0, variable.length() - ManifestSettings.FROM_FILE.length()));
    }

    private static boolean isKnown(String variable) {
        try {
            SettingsLoader.load(null, Map.of(variable, "1"));
            return true;
        } catch (SettingsException e) {
            return e.faults().stream().noneMatch(fault -> fault.expected().startsWith("unknown"));
        }
    }
}
