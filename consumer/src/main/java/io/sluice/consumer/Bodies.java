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
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Makes a handler into the body of an attempt: payload in, result out, both mapped by Jackson; a payload that is asked for as
 * bytes or as a {@link Buffer} is taken as it came. An asynchronous handler
 * is called on the loop; a blocking one does all of it, mapping included, on a worker thread.
 */
final class Bodies {
    private Bodies() {}

    /** @throws IllegalArgumentException if the handler does not say what its payload is */
    static TaskType.Body of(Handles<?, ?> handler) {
        return handler instanceof BlockingTaskHandler<?, ?> blocking
                ? blocking(blocking, payload(handler, BlockingTaskHandler.class))
                : async((TaskHandler<?, ?>) handler, payload(handler, TaskHandler.class));
    }

    @SuppressWarnings("unchecked") // the payload's class is the handler's own type argument
    private static <I> TaskType.Body async(TaskHandler<I, ?> handler, Payload payload) {
        return attempt -> {
            I read = (I) payload.of(attempt);
            attempt.bodyStarts();
            return handler.handle(read, attempt);
        };
    }

    @SuppressWarnings("unchecked")
    private static <I> TaskType.Body blocking(BlockingTaskHandler<I, ?> handler, Payload payload) {
        return attempt -> attempt.blockingBody(() -> attempt.encoded(handler.handle((I) payload.of(attempt), attempt)));
    }

    /** What a handler is given of a task's value. Any thread. */
    @FunctionalInterface
    private interface Payload {
        /** @throws Misfit if there is none, or it does not fit */
        Object of(byte[] data);

        default Object of(Attempt attempt) {
            byte[] data = attempt.payload();
            if (data == null) {
                throw new Misfit("payload", "the task has no payload", null);
            }
            return of(data);
        }
    }

    private static Payload payload(Handles<?, ?> handler, Class<?> kind) {
        JavaType self = Json.mapper().getTypeFactory().constructType(handler.getClass());
        JavaType[] arguments = self.findTypeParameters(kind);
        if (arguments.length != 2 || arguments[0].hasRawClass(Object.class)) {
            throw new IllegalArgumentException("handler " + handler.getClass().getName()
                    + " does not say what its payload is: implement " + kind.getSimpleName()
                    + " with classes as type arguments, not as a lambda");
        }
        if (arguments[0].hasRawClass(byte[].class)) {
            // A handler may do with them what it likes, and the record is to stay as it came.
            return byte[]::clone;
        }
        ObjectReader reader = Json.mapper().readerFor(arguments[0]);
        return arguments[0].hasRawClass(Buffer.class) ? Buffer::buffer : data -> mapped(reader, data);
    }

    private static Object mapped(ObjectReader reader, byte[] data) {
        try {
            Object payload = reader.readValue(data);
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
