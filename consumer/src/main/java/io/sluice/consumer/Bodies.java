package io.sluice.consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import io.sluice.consumer.engine.Attempt;
import io.sluice.consumer.engine.Misfit;
import io.sluice.consumer.engine.TaskType;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.Handles;
import io.sluice.handler.TaskHandler;
import io.sluice.record.Json;
import java.io.IOException;

/**
 * Makes a handler into the body of an attempt: payload in, result out, both mapped by Jackson. An asynchronous handler
 * is called on the loop; a blocking one does all of it, mapping included, on a worker thread.
 */
final class Bodies {
    private Bodies() {}

    /** @throws IllegalArgumentException if the handler does not say what its payload is */
    static TaskType.Body of(Handles<?, ?> handler) {
        return handler instanceof BlockingTaskHandler<?, ?> blocking
                ? blocking(blocking, payloadReader(handler, BlockingTaskHandler.class))
                : async((TaskHandler<?, ?>) handler, payloadReader(handler, TaskHandler.class));
    }

    private static <I> TaskType.Body async(TaskHandler<I, ?> handler, ObjectReader reader) {
        Payload<I> payload = new Payload<>(reader);
        return attempt -> {
            I read = payload.of(attempt);
            attempt.bodyStarts();
            return handler.handle(read, attempt);
        };
    }

    private static <I> TaskType.Body blocking(BlockingTaskHandler<I, ?> handler, ObjectReader reader) {
        Payload<I> payload = new Payload<>(reader);
        return attempt -> attempt.blockingBody(() -> TaskType.Encoded.of(handler.handle(payload.of(attempt), attempt)));
    }

    /** What Jackson makes of the payloads of one type. */
    private record Payload<I>(ObjectReader reader) {
        I of(Attempt attempt) {
            byte[] data = attempt.payload();
            if (data == null) {
                throw new Misfit("payload", "the task has no payload", null);
            }
            try {
                I payload = reader.readValue(data);
                if (payload == null) {
                    throw new Misfit("payload", "the payload is null", null);
                }
                return payload;
            } catch (JsonProcessingException fault) {
                throw new Misfit("payload", "the payload does not fit: " + Json.explain(fault), fault);
            } catch (IOException fault) {
                throw new Misfit("payload", "the payload cannot be read: " + fault.getMessage(), fault);
            }
        }
    }

    private static ObjectReader payloadReader(Handles<?, ?> handler, Class<?> kind) {
        JavaType self = Json.mapper().getTypeFactory().constructType(handler.getClass());
        JavaType[] arguments = self.findTypeParameters(kind);
        if (arguments.length != 2 || arguments[0].hasRawClass(Object.class)) {
            throw new IllegalArgumentException("handler " + handler.getClass().getName()
                    + " does not say what its payload is: implement " + kind.getSimpleName()
                    + " with classes as type arguments, not as a lambda");
        }
        return Json.mapper().readerFor(arguments[0]);
    }
}
