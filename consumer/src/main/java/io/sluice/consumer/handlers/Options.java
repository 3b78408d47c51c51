package io.sluice.consumer.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.PermanentFailure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a type's {@code options} and collects what is wrong with them, so that {@link #check} can tell all of it at once.
 * A faulty option reads as its default until then.
 */
final class Options {
    private static final Target NOWHERE = Target.of("http://localhost/");

    private final String path;
    private final JsonNode node;
    private final List<String> faults = new ArrayList<>();

    /** @param known the names of all options that the type has */
    Options(String type, JsonNode node, List<String> known) {
        this.path = "types." + type + ".options";
        this.node = node;
        if (!node.isObject() && !node.isNull() && !node.isMissingNode()) {
            faults.add(path + ": expected an object, but found " + node);
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                faults.add(path + "." + name + ": no such option; there are " + String.join(", ", known));
            }
        });
    }

    String text(String name, String otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isTextual() && !value.textValue().isBlank()) {
            return value.textValue();
        }
        return fault(name, "expected a text, but found " + value, otherwise);
    }

    /** An http or https URL; a placeholder, and a fault, if there is none. */
    Target requiredUrl(String name) {
        if (node.path(name).isMissingNode()) {
            return fault(name, "is required: where the worker is", NOWHERE);
        }
        try {
            return Target.of(text(name, NOWHERE.url()));
        } catch (PermanentFailure unfit) {
            return fault(name, String.valueOf(unfit.getMessage()), NOWHERE);
        }
    }

    int number(String name, int otherwise) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1) {
            return value.intValue();
        }
        return fault(
                name, "expected a whole number from 1 to " + Integer.MAX_VALUE + ", but found " + value, otherwise);
    }

    /** An object of texts, as HTTP headers. */
    MultiMap headers(String name) {
        MultiMap headers = HttpHeaders.headers();
        JsonNode value = node.path(name);
        if (!value.isMissingNode() && !value.isObject()) {
            fault(name, "expected an object of texts, but found " + value, "");
        }
        value.properties().forEach(entry -> {
            String option = name + "." + entry.getKey();
            if (entry.getValue().isTextual()) {
                addHeader(headers, option, entry.getKey(), entry.getValue().textValue());
            } else {
                fault(option, "expected a text, but found " + entry.getValue(), "");
            }
        });
        return headers;
    }

    /** Adds a header, unless HTTP does not allow it. */
    void addHeader(MultiMap headers, String option, String name, String value) {
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException illegal) {
            fault(option, "cannot be sent as an HTTP header (" + illegal.getMessage() + ")", "");
        }
    }

    /** Notes that an option's value cannot be used, and returns what to go on with. */
    <T> T fault(String name, String what, T otherwise) {
        faults.add(path + "." + name + ": " + what);
        return otherwise;
    }

    /** Fails with an {@link IllegalArgumentException} if anything is wrong; its message has all of it, one fault a line. */
    Future<Void> check() {
        return faults.isEmpty()
                ? Future.succeededFuture()
                : Future.failedFuture(new IllegalArgumentException(String.join("\n", faults)));
    }
}
