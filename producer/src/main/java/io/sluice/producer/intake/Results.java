package io.sluice.producer.intake;

import io.sluice.producer.client.ResultFeed;
import io.sluice.producer.client.ResultWatch;
import io.sluice.record.TaskResult;
import io.sluice.settings.Settings;
import io.vertx.core.Context;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Where results come from. */
@FunctionalInterface
public interface Results {
    /**
     * Starts to follow them.
     *
     * @param from the time of the first one that must be found
     */
    ResultFeed follow(Context context, Instant from, Consumer<List<TaskResult>> onResults);

    /** The results topic of a pipeline. */
    static Results of(Settings settings) {
        return (context, from, onResults) ->
                ResultWatch.begin(context, settings.kafka(), settings.topics().results(), from, onResults);
    }
}
