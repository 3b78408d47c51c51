package io.sluice.consumer.command;

import io.sluice.record.Pause;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Resumes types on a broker elsewhere. Main thread. */
@Command(
        name = "resume",
        description = {"Resumes types that were paused, on every consumer of the pipeline."},
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private PauseChange change = new PauseChange();

    @Override
    public Integer call() {
        return change.tell("Resumed", Pause::end);
    }
}
