package io.sluice.handler;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;

/**
 * What a handler is given when it starts.
 *
 * @param vertx the Vert.x that the consumer runs on
 * @param options the type's {@code options} from the settings: an object, empty when there are none
 * @param maxInFlight the most attempts of this type at once, so that pools can be sized to it
 */
public record HandlerContext(Vertx vertx, JsonNode options, int maxInFlight) {}
