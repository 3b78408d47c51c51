package io.sluice.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values as JSON: what they are, and how a message shows them. */
final class Json {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int LONGEST_SHOWN = 60;

    private Json() {}

    /** The JSON in a variable, or what is no JSON as text. */
    static JsonNode of(String variable) {
        try {
            return MAPPER.readTree(variable);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(variable);
        }
    }

    /** The texts in a variable, with commas between them. */
    static JsonNode list(String variable) {
        ArrayNode list = MAPPER.createArrayNode();
        for (String text : variable.split(",", -1)) {
            list.add(text.strip());
        }
        return list;
    }

    static Optional<List<String>> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.forEach(element -> texts.add(element.textValue()));
        return node.isArray() && !texts.contains(null) ? Optional.of(texts) : Optional.empty();
    }

    static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue());
    }

    static Optional<Integer> integer(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() ? Optional.of(node.intValue()) : Optional.empty();
    }

    static Optional<Double> number(JsonNode node) {
        return node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty();
    }

    static List<String> keys(ObjectNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** What a message says of a value that may be a secret. */
    static String kind(JsonNode node) {
        return node.isTextual() ? "a text" : node.isArray() ? "a list" : node.isObject() ? "a mapping" : "a value";
    }

    static String shown(JsonNode node) {
        String json = node.toString();
        return json.length() <= LONGEST_SHOWN ? json : json.substring(0, LONGEST_SHOWN) + "…";
    }
}
