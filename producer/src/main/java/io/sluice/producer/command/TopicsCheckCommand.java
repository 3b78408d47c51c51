package io.sluice.producer.command;

import io.sluice.cli.BrokerOption;
import io.sluice.topics.PipelineTopics;
import io.sluice.topics.TopicsFailed;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is wrong with the topics, and changes nothing. Main thread. */
@Command(
        name = "check",
        description = "Says what is wrong with the topics, and which command mends it. Changes nothing.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no fault; there may be warnings", "1:faults, or no broker answers", "2:bad usage"})
final class TopicsCheckCommand implements Callable<Integer> {
    @Option(names = "--json", description = "The report as one JSON object.")
    private boolean json;

    @Mixin
    private BrokerOption settings = new BrokerOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine command = Objects.requireNonNull(spec).commandLine();
        try (PipelineTopics topics = PipelineTopics.reach(settings.load(), "sluice-topics", PipelineTopics.PATIENCE)) {
            return TopicsOutput.print(topics.check(), json, command);
        } catch (TopicsFailed e) {
            throw TopicsOutput.told(e, json, command);
        }
    }
}
