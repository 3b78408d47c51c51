package io.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Does what a command of Kafka's own would do, word by word: one that has a word which is not known here fails. */
final class MendingCommand {
    private final String tool;
    private final Set<String> actions;
    private final Map<String, String> options = new HashMap<>();
    private final Map<String, String> configs = new HashMap<>();

    private MendingCommand(String line) {
        List<String> words = new ArrayList<>(List.of(line.strip().split(" ")));
        tool = words.remove(0);
        actions = new HashSet<>(words);
        actions.retainAll(Set.of("--create", "--alter", "--delete"));
        words.removeAll(actions);
        while (!words.isEmpty()) {
            String name = words.remove(0);
            String value = words.remove(0);
            if (Set.of("--config", "--add-config").contains(name)) {
                configs.put(value.split("=", 2)[0], value.split("=", 2)[1]);
            } else {
                options.put(name, value);
            }
        }
    }

    /** @param line commands with semicolons between */
    static void carryOut(String line, Admin admin) throws Exception {
        for (String command : line.split(";", -1)) {
            MendingCommand parsed = new MendingCommand(command);
            parsed.carryOut(admin);
            assertThat(parsed.options).as("words of: " + command).isEmpty();
        }
    }

    private void carryOut(Admin admin) throws Exception {
        assertThat(options.remove("--bootstrap-server")).isNotNull();
        assertThat(actions).hasSize(1);
        switch (tool + " " + actions.iterator().next()) {
            case "kafka-topics.sh --create" ->
                await(admin.createTopics(List.of(new NewTopic(
                                        option("--topic"),
                                        Optional.of(Integer.valueOf(option("--partitions"))),
                                        Optional.of(Short.valueOf(option("--replication-factor"))))
                                .configs(configs)))
                        .all());
            case "kafka-topics.sh --alter" ->
                await(admin.createPartitions(Map.of(
                                option("--topic"), NewPartitions.increaseTo(Integer.parseInt(option("--partitions")))))
                        .all());
            case "kafka-topics.sh --delete" ->
                await(admin.deleteTopics(List.of(option("--topic"))).all());
            case "kafka-configs.sh --alter" -> {
                assertThat(option("--entity-type")).isEqualTo("topics");
                await(admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, option("--entity-name")),
                                configs.entrySet().stream()
                                        .map(config -> new AlterConfigOp(
                                                new ConfigEntry(config.getKey(), config.getValue()),
                                                AlterConfigOp.OpType.SET))
                                        .toList()))
                        .all());
            }
            default -> throw new AssertionError("an unknown command: " + tool + " " + actions);
        }
    }

    private String option(String name) {
        assertThat(options).containsKey(name);
        return String.valueOf(options.remove(name));
    }

    private static void await(KafkaFuture<?> future) throws Exception {
        Object unused = future.get(30, TimeUnit.SECONDS);
    }
}
