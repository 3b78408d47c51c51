package io.sluice.producer.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.form.KeyRule;
import io.sluice.producer.form.TaskDefaults;
import io.sluice.settings.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskSizeTest {
    @TempDir
    Path folder;

    @Test
    void aLineThatKafkasClientWouldRefuseIsABadLineBeforeAnythingIsSent() throws Exception {
        Path file = Files.writeString(
                folder.resolve("tasks"),
                "{\"payload\":1}\n{\"payload\":\"" + "x".repeat(2_000) + "\"}\n{\"payload\":\"" + "x".repeat(1_600)
                        + "\"}\n{\"key\":\"" + "k".repeat(1_000) + "\",\"payload\":\"" + "x".repeat(1_000) + "\"}\n");
        SubmitPlan plan = new SubmitPlan(
                SettingsLoader.load(null, Map.of("SLUICE_KAFKA_MAX_REQUEST_SIZE", "2000")),
                file.toString(),
                new TaskDefaults("work", "fetch", KeyRule.none(), false, null, null),
                true,
                new SubmitPlan.Journalling(false, null, Map.of()),
                null);

        FileFacts facts = FileFacts.read(file, plan, checked -> {});

        assertThat(facts.tasks()).isEqualTo(2);
        assertThat(facts.faults())
                .extracting(Throwable::getMessage)
                .satisfiesExactly(
                        fault -> assertThat(fault)
                                .startsWith(file + ":2:1: the task is a record of 2")
                                .endsWith(" bytes, more than max.request.size of the settings, 2000"),
                        fault -> assertThat(fault).startsWith(file + ":4:1: the task is a record of 2"));
    }
}
