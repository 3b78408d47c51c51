package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.NewTask;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A type that is paused waits on every consumer, and holds up no other. */
class PauseTest {
    @TempDir
    Path folder;

    private final Set<String> ran = ConcurrentHashMap.newKeySet();

    private List<Async> handlers() {
        return List.of(handler("slow"), handler("quick"));
    }

    private Async handler(String type) {
        return new Async(type, (payload, task) -> {
            ran.add(task.id());
            return Future.succeededFuture("done");
        });
    }

    /** On all partitions, half of them with a key. */
    private static List<NewTask> tasks(String type, String name) {
        return IntStream.range(0, 20)
                .mapToObj(n -> NewTask.of(name + n, type, n % 2 == 0 ? "key-" + n : null, "{}".getBytes(UTF_8)))
                .toList();
    }

    @Test
    void aPausedTypeWaitsWhileOthersRunAndRunsWhenItIsResumed() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.consume(2, this::handlers);
            pipeline.run(tasks("slow", "before"));

            pipeline.pause("slow");
            Future<?> waiting = pipeline.submit(tasks("slow", "waiting"));
            pipeline.run(tasks("quick", "quick"));
            // These have come after those that wait, in the same partitions.
            pipeline.run(tasks("quick", "again"));

            assertThat(ran).noneMatch(id -> id.startsWith("waiting"));
            assertThat(waiting.isComplete()).isFalse();
            pipeline.resume("slow");
            pipeline.result(waiting);
            assertThat(ran).hasSize(80);
        }
    }

    @Test
    void aConsumerThatStartsWhileATypeIsPausedRunsNoneOfIt() {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            pipeline.pause("slow");
            Future<?> waiting = pipeline.submit(tasks("slow", "waiting"));
            Future<?> others = pipeline.submit(tasks("quick", "quick"));

            pipeline.consume(1, this::handlers);
            pipeline.result(others);
            pipeline.run(tasks("quick", "again"));

            assertThat(ran).noneMatch(id -> id.startsWith("waiting"));
            pipeline.resume("slow");
            pipeline.result(waiting);
        }
    }

    @Test
    void theCommandsPauseAndResumeTypesKnownOrNot() throws IOException {
        try (TestPipeline pipeline = TestPipeline.open(Map.of())) {
            CommandRun pause = command(pipeline, "pause", "slow", "novel");
            assertThat(pause.exitCode()).as(pause::err).isZero();
            assertThat(pause.err())
                    .isEqualToIgnoringNewLines("Paused on every consumer of '"
                            + pipeline.settings().topic() + "': slow, novel");
            pipeline.consume(1, () -> List.of(handler("quick"), handler("slow")));
            Future<?> waiting = pipeline.submit(tasks("slow", "waiting"));
            pipeline.run(tasks("quick", "quick"));
            assertThat(ran).noneMatch(id -> id.startsWith("waiting"));

            CommandRun resume = command(pipeline, "resume", "slow", "novel");

            assertThat(resume.exitCode()).as(resume::err).isZero();
            assertThat(resume.err()).startsWith("Resumed on every consumer of '");
            pipeline.result(waiting);
        }
    }

    private CommandRun command(TestPipeline pipeline, String... arguments) throws IOException {
        Path file = Files.writeString(
                folder.resolve("sluice.yaml"), "topic: " + pipeline.settings().topic() + "\n");
        String broker = String.valueOf(pipeline.settings().kafka().get("bootstrap.servers"));
        return CommandRun.of(
                Stream.concat(Stream.of(arguments), Stream.of("--config", file.toString(), "--bootstrap", broker))
                        .toArray(String[]::new));
    }
}
