package io.sluice.standalone;

import io.sluice.cli.Waiting;
import io.sluice.consumer.command.LocalPipeline;
import io.sluice.consumer.engine.ConsumerStatus;
import io.sluice.consumer.engine.DrainAccount;
import io.sluice.consumer.engine.TypeStatus;
import io.sluice.handler.Handles;
import io.sluice.settings.Settings;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The consumers of a {@link TestPipeline}, which come and go. Its thread only. */
final class TestConsumers implements AutoCloseable {
    private final Settings settings;
    private final int partitions;
    private final Duration patience;
    private final List<LocalPipeline> groups = new ArrayList<>();

    TestConsumers(Settings settings, int partitions, Duration patience) {
        this.settings = settings;
        this.partitions = partitions;
        this.patience = patience;
    }

    LocalPipeline add(int count, Supplier<? extends Collection<? extends Handles<?, ?>>> handlers) {
        LocalPipeline added = new LocalPipeline(
                settings,
                new VertxOptions()
                        .setBlockedThreadCheckInterval(100)
                        .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                        .setMaxEventLoopExecuteTime(1)
                        .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
        groups.add(added);
        added.deploy(count, handlers);
        awaitPartitions();
        return added;
    }

    DrainAccount remove(LocalPipeline leaving) {
        DrainAccount account = leaving.drain();
        leaving.close();
        groups.remove(leaving);
        awaitPartitions();
        return account;
    }

    void awaitPaused(String type, boolean paused) {
        if (!Waiting.until(
                () -> groups.stream()
                        .flatMap(some -> some.status().stream())
                        .allMatch(consumer -> isPaused(consumer, type) == paused),
                patience)) {
            throw new IllegalStateException(
                    "the consumers have not heard of type '" + type + "' within " + patience.toSeconds() + " s");
        }
    }

    private static boolean isPaused(ConsumerStatus consumer, String type) {
        TypeStatus status = consumer.types().get(type);
        return status != null && status.paused();
    }

    private void awaitPartitions() {
        if (!Waiting.until(this::partitionsAreShared, patience)) {
            throw new IllegalStateException(
                    "the consumers have not got their partitions within " + patience.toSeconds() + " s");
        }
    }

    private boolean partitionsAreShared() {
        List<Integer> each = groups.stream()
                .flatMap(some -> some.status().stream())
                .map(ConsumerStatus::partitions)
                .toList();
        int withoutAny = Math.max(0, each.size() - partitions);
        return each.isEmpty()
                || (each.stream().mapToInt(Integer::intValue).sum() == partitions
                        && each.stream().filter(owned -> owned == 0).count() == withoutAny);
    }

    @Override
    public void close() {
        groups.forEach(LocalPipeline::close);
    }
}
