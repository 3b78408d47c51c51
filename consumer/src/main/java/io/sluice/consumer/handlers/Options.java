package io.sluice.consumer.handlers;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.handler.PermanentFailure;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a type's {@code options} and collects what is wrong with them, so that {@link #check} can tell all of it at once.
 * A faulty option reads as its default until then. What is in headers and the like is not shown: it may be a secret.
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
            faults.add(path + ": expected an object");
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
        return fault(name, "expected a text", otherwise);
    }

    /** An http or https URL without a user; a placeholder, and a fault, if there is none. */
    Target requiredUrl(String name) {
        if (node.path(name).isMissingNode()) {
            return fault(name, "is required: where the worker is", NOWHERE);
        }
        try {
            String url = text(name, NOWHERE.url());
            return Target.hasUser(url)
                    ? fault(name, "has a user or a password, which would not be sent: use options.headers", NOWHERE)
                    : Target.of(url);
        } catch (PermanentFailure unfit) {
            return fault(name, "expected an http or https URL with a host", NOWHERE);
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
            fault(name, "expected an object of texts", "");
        }
        value.properties().forEach(entry -> {
            String option = name + "." + entry.getKey();
            if (entry.getValue().isTextual()) {
                addHeader(headers, option, entry.getKey(), entry.getValue().textValue());
            } else {
                fault(option, "expected a text", "");
            }
        });
        return headers;
    }

    /** A list of texts; or, as a variable gives it, one with commas between them. */
    AllowList allowList(String name) {
        List<String> entries = new ArrayList<>();
        JsonNode value = node.path(name);
        if (value.isTextual()) {
            Arrays.stream(value.textValue().split(",", -1)).map(String::strip).forEach(entries::add);
        } else if (value.isArray()) {
            value.forEach(entry -> entries.add(entry.isTextual() ? entry.textValue() : entry.toString()));
        } else if (!value.isMissingNode()) {
            fault(name, "expected a list, but found " + value, "");
        }
        return new AllowList(entries, entry -> fault(name, AllowList.EXPECTED + ", but found \"" + entry + "\"", ""));
    }

    /** Adds a header, unless HTTP does not allow it. */
    void addHeader(MultiMap headers, String option, String name, String value) {
        try {
            headers.add(name, value);
        } catch (IllegalArgumentException illegal) {
            fault(
                    option,
                    "cannot be sent as an HTTP header: its name or its text has a character that HTTP forbids",
                    "");
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
