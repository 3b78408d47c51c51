package io.sluice.consumer.handlers;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a {@code fetch} task.
 *
 * @param url an absolute http or https URL; null (a payload may say so) is a failed task like any other bad URL
 */
public record PageRequest(
        @JsonProperty(required = true) @Nullable String url) {}
