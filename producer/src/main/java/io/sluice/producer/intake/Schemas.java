package io.sluice.producer.intake;

import io.sluice.producer.form.BadTask;
import io.sluice.record.NewTask;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schemas that payloads must satisfy, for the types that have one: draft 4, 7, 2019-09 or 2020-12 as a schema's
 * {@code $schema} says, else 2020-12. Immutable once loaded; its validators are not for several threads at once.
 */
public final class Schemas {
    private static final String BASE = "urn:sluice:schema";

    private final Map<String, Validator> validators;

    private Schemas(Map<String, Validator> validators) {
        this.validators = validators;
    }

    public static Schemas none() {
        return new Schemas(Map.of());
    }

    /**
     * Reads and checks them. Blocks.
     *
     * @param files by type
     * @throws IllegalStateException with one line that names the file and what is wrong with it
     */
    public static Schemas load(Vertx vertx, Map<String, Path> files) {
        Map<String, Validator> validators = new HashMap<>();
        files.forEach((type, file) -> validators.put(type, validator(vertx, type, file)));
        return new Schemas(validators);
    }

    private static Validator validator(Vertx vertx, String type, Path file) {
        String name = "the schema of type " + type + ", " + file;
        JsonObject schema;
        try {
            schema = new JsonObject(Buffer.buffer(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new IllegalStateException(name + ", cannot be read; see producer.schemas", e);
        } catch (DecodeException e) {
            throw new IllegalStateException(name + ", is not a JSON object", e);
        }
        try {
            Draft draft = schema.containsKey("$schema")
                    ? Draft.fromIdentifier(schema.getString("$schema"))
                    : Draft.DRAFT202012;
            JsonSchemaOptions options =
                    new JsonSchemaOptions().setBaseUri(BASE).setDraft(draft).setOutputFormat(OutputFormat.Basic);
            SchemaRepository known = SchemaRepository.create(options).preloadMetaSchema(vertx.fileSystem(), draft);
            OutputUnit found = known.validator(draft.getIdentifier()).validate(schema);
            if (!Boolean.TRUE.equals(found.getValid())) {
                throw new IllegalStateException(name + ", is no JSON Schema: " + pointer(deepest(found)) + " "
                        + deepest(found).getError());
            }
            checkReferences(schema, schema);
            return Validator.create(JsonSchema.of(schema), options);
        } catch (SchemaException | IllegalArgumentException | ClassCastException e) {
            throw new IllegalStateException(name + ", cannot be used: " + e.getMessage(), e);
        }
    }

    /** A reference that leads nowhere would only be found out by the first payload that needs it. */
    private static void checkReferences(JsonObject schema, Object part) {
        if (part instanceof JsonObject object) {
            if (object.getValue("$ref") instanceof String reference
                    && reference.startsWith("#/")
                    && JsonPointer.from(reference.substring(1)).queryJson(schema) == null) {
                throw new SchemaException(JsonSchema.of(schema), "there is nothing at " + reference);
            }
            object.forEach(member -> checkReferences(schema, member.getValue()));
        } else if (part instanceof JsonArray array) {
            array.forEach(element -> checkReferences(schema, element));
        }
    }

    /**
     * Looks at the payload of a task.
     *
     * @throws BadTask with the JSON pointer of the value that its type's schema refuses
     */
    public void check(NewTask task) throws BadTask {
        Validator validator = validators.get(task.type());
        if (validator == null) {
            return;
        }
        OutputUnit found;
        try {
            found = validator.validate(Json.decodeValue(Buffer.buffer(task.payload())));
        } catch (StackOverflowError e) {
            // Such as a regular expression with alternatives, on a long text.
            throw BadTask.payload(
                    "", "is too long or too deep to be checked against the schema of type " + task.type());
        }
        if (!Boolean.TRUE.equals(found.getValid())) {
            OutputUnit fault = deepest(found);
            throw BadTask.payload(
                    pointer(fault), "does not satisfy the schema of type " + task.type() + ": " + fault.getError());
        }
    }

    /** The one that lies deepest: those before it only say that something inside them is wrong. */
    private static OutputUnit deepest(OutputUnit found) {
        OutputUnit deepest = found;
        if (found.getErrors() != null) {
            for (OutputUnit fault : found.getErrors()) {
                if (deepest == found || depth(fault) > depth(deepest)) {
                    deepest = fault;
                }
            }
        }
        return deepest;
    }

    private static int depth(OutputUnit fault) {
        return (int) pointer(fault).chars().filter(each -> each == '/').count();
    }

    private static String pointer(OutputUnit fault) {
        @Nullable String location = fault.getInstanceLocation();
        return location == null ? "" : location.replaceFirst("^#", "");
    }
}
