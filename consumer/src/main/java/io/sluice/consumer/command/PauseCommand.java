package io.sluice.consumer.command;

import io.sluice.record.Pause;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Pauses types on a broker elsewhere. Main thread. */
@Command(
        name = "pause",
        description = {
            "Pauses types on every consumer of the pipeline, until they are resumed: none of their tasks starts, those that run go on.",
            "",
            "A type that no consumer knows (yet) may be paused, too."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {
    @Mixin
    private PauseChange change = new PauseChange();

    @Override
    public Integer call() {
        return change.tell("Paused", type -> Pause.of(type, Instant.now(), System.getProperty("user.name")));
    }
}
