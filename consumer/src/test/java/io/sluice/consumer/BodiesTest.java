package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.consumer.engine.BodyRun;
import io.sluice.handler.BlockingTaskHandler;
import io.sluice.handler.PermanentFailure;
import io.sluice.handler.TaskContext;
import io.sluice.handler.TaskHandler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BodiesTest {
    record Order(String name, int count) {}

    record Receipt(String text) {}

    private static final class Async implements TaskHandler<Order, Receipt> {
        @Override
        public String type() {
            return "order";
        }

        @Override
        public Future<Receipt> handle(Order order, TaskContext task) {
            return Future.succeededFuture(new Receipt(order.count() + " " + order.name()));
        }
    }

    private static final class Blocking implements BlockingTaskHandler<Order, Receipt> {
        @Override
        public String type() {
            return "order";
        }

        @Override
        public Receipt handle(Order order, TaskContext task) {
            return new Receipt(order.count() + " " + order.name());
        }
    }

    /** Says what its payload is in a class further up. */
    private abstract static class Base<P> implements TaskHandler<P, Object> {
        @Override
        public String type() {
            return "base";
        }

        @Override
        public Future<Object> handle(P payload, TaskContext task) {
            return Future.succeededFuture(payload);
        }
    }

    private static final class OfList extends Base<List<Order>> {}

    private static final class OfTree extends Base<JsonNode> {}

    private static final class OfBytes extends Base<byte[]> {
        @Override
        public Future<Object> handle(byte[] payload, TaskContext task) {
            String text = new String(payload, StandardCharsets.UTF_8);
            return Future.succeededFuture(text);
        }
    }

    private static final class Overwriting extends Base<byte[]> {
        @Override
        public Future<Object> handle(byte[] payload, TaskContext task) {
            Arrays.fill(payload, (byte) '?');
            throw new PermanentFailure("no use for it any more");
        }
    }

    private static final class OfBuffer extends Base<Buffer> {
        @Override
        public Future<Object> handle(Buffer payload, TaskContext task) {
            return Future.succeededFuture(payload.toString());
        }
    }

    private static final class Hiding<P> extends Base<P> {}

    private static final class OfAnything extends Base<Object> {}

    private static final class Returning extends Base<Map<String, Object>> {
        @Override
        public Future<Object> handle(Map<String, Object> payload, TaskContext task) {
            return Future.succeededFuture(new Object() {
                @JsonProperty
                @Nullable
                Object fault() {
                    throw new IllegalStateException("no value");
                }
            });
        }
    }

    private static final String ORDER = "{\"name\":\"nails\",\"count\":3}";

    @Test
    void anAsynchronousHandlerGetsItsPayloadAndItsAnswerIsWritten() {
        assertThat(BodyRun.of(Bodies.of(new Async()), ORDER).result()).isEqualTo("{\"text\":\"3 nails\"}");
    }

    @Test
    void aBlockingHandlerGetsItsPayloadAndItsAnswerIsWritten() {
        assertThat(BodyRun.of(Bodies.of(new Blocking()), ORDER).result()).isEqualTo("{\"text\":\"3 nails\"}");
    }

    @Test
    void thePayloadsClassIsFoundInAClassFurtherUpAndKeepsItsArguments() {
        assertThat(BodyRun.of(Bodies.of(new OfList()), "[" + ORDER + "]").result())
                .isEqualTo("[" + ORDER + "]");
    }

    @Test
    void aHandlerMayTakeAnyJson() {
        assertThat(BodyRun.of(Bodies.of(new OfTree()), "{\"a\":[1]}").result()).isEqualTo("{\"a\":[1]}");
        assertThat(BodyRun.of(Bodies.of(new OfTree()), "null").result()).isEqualTo("null");
    }

    @Test
    void anAnswerOfNothingIsNull() {
        assertThat(BodyRun.of(attempt -> Future.succeededFuture(), "{}").result())
                .isEqualTo("null");
    }

    @Test
    void aHandlerMayTakeThePayloadAsItCame() {
        assertThat(BodyRun.of(Bodies.of(new OfBuffer()), "{\"a\": [1]").result())
                .isEqualTo("\"{\\\"a\\\": [1]\"");
        assertThat(BodyRun.of(Bodies.of(new OfBytes()), "{\"a\": [1]").result()).isEqualTo("\"{\\\"a\\\": [1]\"");
    }

    @Test
    void whatAHandlerDoesToItsBytesChangesNoRecord() {
        BodyRun run = BodyRun.of(Bodies.of(new Overwriting()), "as it came");

        assertThat(run.reason()).isEqualTo("permanent");
        assertThat(run.deadLetter()).isEqualTo("as it came");
    }

    @Test
    void aHandlerThatHidesItsPayloadIsRefused() {
        assertThatThrownBy(() -> Bodies.of(new Hiding<Order>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Hiding.class.getName())
                .hasMessageContaining("does not say what its payload is")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> Bodies.of(new OfAnything())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPayloadThatDoesNotFitIsADeadLetterThatNamesTheField() {
        for (var handler : List.of(new Async(), new Blocking())) {
            BodyRun run = BodyRun.of(Bodies.of(handler), "{\"name\":\"nails\",\"count\":\"many\"}");

            assertThat(run.reason()).isEqualTo("payload");
            assertThat(run.message()).startsWith("the payload does not fit: count: ");
        }
    }

    @Test
    void aPayloadThatIsNoJsonIsADeadLetter() {
        BodyRun run = BodyRun.of(Bodies.of(new Async()), "{\"name\":");

        assertThat(run.reason()).isEqualTo("payload");
        assertThat(run.message()).contains("line 1");
    }

    @Test
    void aTaskWithoutAPayloadIsADeadLetter() {
        for (String nothing : new @Nullable String[] {null, "", "null"}) {
            for (var handler : List.of(new Async(), new Blocking())) {
                BodyRun run = BodyRun.of(Bodies.of(handler), nothing);

                assertThat(run.reason()).as("payload %s", nothing).isEqualTo("payload");
            }
        }
    }

    @Test
    void aResultThatCannotBeWrittenIsADeadLetter() {
        BodyRun run = BodyRun.of(Bodies.of(new Returning()), "{}");

        assertThat(run.reason()).isEqualTo("result");
        assertThat(run.message()).startsWith("the result cannot be written as JSON: fault: ");
    }
}
