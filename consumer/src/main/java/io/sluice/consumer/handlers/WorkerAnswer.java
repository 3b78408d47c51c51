package io.sluice.consumer.handlers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.handler.PermanentFailure;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reads what a worker answered as a result. Stateless; a large answer takes its time, so not on an event loop. */
final class WorkerAnswer {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);

    private WorkerAnswer() {}

    /**
     * @param url the worker, to be named in a failure
     * @return the answer's JSON, its text as a JSON text, or JSON's null if it is empty
     * @throws PermanentFailure if it is neither
     */
    static JsonNode read(String url, Answer answer) throws IOException {
        ContentType type = answer.contentType();
        if (answer.body().length() == 0) {
            return NullNode.getInstance();
        }
        if (type.isText()) {
            Charset charset = type.charset() == null ? StandardCharsets.UTF_8 : type.charset();
            return TextNode.valueOf(answer.body().toString(charset));
        }
        if (!type.mayBeJson()) {
            throw new PermanentFailure("the answer is neither JSON nor text but " + type.media() + ", from " + url);
        }
        try {
            return JSON.readValue(answer.body().getBytes());
        } catch (JsonProcessingException e) {
            throw new PermanentFailure("the answer is not JSON (" + e.getOriginalMessage() + "), from " + url, e);
        }
    }
}
