package io.sluice.producer.form;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.record.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** JSON as it was written: checked, but passed on byte for byte, so that no number loses digits. */
public final class JsonText {
    private JsonText() {}

    /** @throws BadTask if the text is not one JSON value in UTF-8; with its place */
    public static void check(byte[] text) throws BadTask {
        Utf8.check(text);
        try (JsonParser parser = Json.mapper().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new BadTask(null, "the body is empty");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new BadTask(null, "there is more after the end of the JSON");
            }
        } catch (JsonProcessingException e) {
            throw notJson(text, e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory can always be read", e);
        }
    }

    /** The value that the parser of this text is at, which it then has passed. */
    static byte[] raw(byte[] text, JsonParser parser) throws IOException {
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        // A text is read lazily: only this moves the parser to its end.
        parser.finishToken();
        int end = (int) parser.currentLocation().getByteOffset();
        while (end > start && text[end - 1] <= ' ' && text[end - 1] >= 0) {
            end--;
        }
        return Arrays.copyOfRange(text, start, end);
    }

    static BadTask notJson(byte[] text, JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        // Where it is, the place says; what follows is about the parser's own source.
        String what = message.lines().findFirst().orElse(message).replaceFirst(" ?\\((start marker|for) .*", "");
        BadTask bad = new BadTask(null, "not JSON: " + what.replaceFirst(" at \\[Source.*", ""));
        JsonLocation place = fault.getLocation();
        return place == null ? bad : Utf8.at(text, place.getByteOffset(), bad);
    }
}
