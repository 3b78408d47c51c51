package io.sluice.settings;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What a type's finished tasks tell the world.
 *
 * @param results which of them are written to the results topic
 * @param onTimeoutDefault the result that makes a timeout a success, or null when a timeout is a failure
 */
public record Answers(Results results, @Nullable JsonNode onTimeoutDefault) {
    static Answers defaults() {
        return new Answers(Results.ALL, null);
    }
}
