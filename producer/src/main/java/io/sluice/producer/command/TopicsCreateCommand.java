package io.sluice.producer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.cli.UsageFault;
import io.sluice.settings.Settings;
import io.sluice.topics.PipelineTopics;
import io.sluice.topics.TopicReport;
import io.sluice.topics.TopicState;
import io.sluice.topics.TopicsFailed;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the topics that are missing, then checks all. Main thread. */
@Command(
        name = "create",
        description = {
            "Creates the topics that are missing, then checks all of them.",
            "",
            "What is there is left alone, so that it may be run again; what is missing gets the partitions and the"
                    + " replication factor of what is there."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all are there and without fault; there may be warnings",
            "1:a topic cannot be created, faults, or no broker answers",
            "2:bad usage"
        })
final class TopicsCreateCommand implements Callable<Integer> {
    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of each, when none is there (" + PipelineTopics.DEFAULT_PARTITIONS + ").")
    private @Nullable Integer partitions;

    @Option(
            names = "--replication",
            paramLabel = "N",
            description =
                    "On how many brokers each new one is kept; by default as many as the others, or the broker's own.")
    private @Nullable Integer replication;

    @Option(names = "--json", description = "The report of the check as one JSON object.")
    private boolean json;

    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
        int count = partitions == null ? PipelineTopics.DEFAULT_PARTITIONS : partitions;
        UsageFault.unlessWithin("--partitions", count, 1, 10_000);
        UsageFault.unlessWithin("--replication", replication == null ? 1 : replication, 1, 100);
        Settings loaded = settings.load();
        try (PipelineTopics topics = PipelineTopics.reach(loaded, "sluice-topics", PipelineTopics.PATIENCE)) {
            List<String> created = topics.create(count, replication);
            err.println(created.isEmpty() ? "All topics are there." : "Created " + String.join(", ", created) + ".");
            TopicReport report = topics.check();
            TopicState tasks = report.topics().get(loaded.topic());
            if (partitions != null && tasks != null && tasks.partitions().size() != partitions) {
                err.println("They have " + tasks.partitions().size() + " partitions, not " + partitions
                        + ", like those that were there: more of them would move keys from one to another. To have more,"
                        + " drain the pipeline first, then add them to " + loaded.topic()
                        + "; 'sluice topics check' says what else has to grow.");
            }
            err.flush();
            return TopicsOutput.print(report, json, spec.commandLine());
        } catch (TopicsFailed e) {
            throw TopicsOutput.told(e, json, spec.commandLine());
        }
    }
}
