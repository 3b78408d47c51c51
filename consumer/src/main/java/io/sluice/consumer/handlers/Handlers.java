package io.sluice.consumer.handlers;

import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskHandler;
import io.sluice.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the handlers on the class path: the built-in ones, and those that a jar names in {@code META-INF/services}. */
public final class Handlers {
    private Handlers() {}

    /**
     * New instances, for one consumer verticle. The built-in {@code http} is there only if the settings have a type
     * {@code http}, since it can do nothing without a worker's URL.
     *
     * @throws java.util.ServiceConfigurationError if a jar names a class that is no handler
     */
    public static List<Handles<?, ?>> discover(Settings settings) {
        List<Handles<?, ?>> handlers = new ArrayList<>();
        ServiceLoader.load(TaskHandler.class).forEach(handlers::add);
        ServiceLoader.load(BlockingTaskHandler.class).forEach(handlers::add);
        handlers.removeIf(handler ->
                handler instanceof HttpWorkerHandler && !settings.types().containsKey(handler.type()));
        return handlers;
    }
}
