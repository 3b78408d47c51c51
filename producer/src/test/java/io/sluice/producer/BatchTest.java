package io.sluice.producer;

import static io.sluice.producer.HttpPort.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.guard.RawClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTest {
    private static final String HEAD = String.join(
            "\r\n", "POST /v1/tasks:batch HTTP/1.1", "host: localhost", "content-type: application/x-ndjson", "");

    @Test
    void everyLineIsATaskAndHasALineOfTheAnswerInItsOrder() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            String first = "{\"id\":\"a\",\"type\":\"mail\",\"key\":\"k\",\"payload\":{\"n\":1.10}}";
            String last = "{\"id\":\"\\\"q\\\\\",\"payload\":3}";
            List<JsonObject> answers = http.batch("", String.join("\n", first, "", "  \r", "{\"payload\":2}\r", last));
            assertThat(answers).extracting(line -> line.getInteger("line")).containsExactly(1, 4, 5);
            assertThat(answers).extracting(line -> line.getString("id")).isEqualTo(http.broker.ids());
            assertThat(answers.get(0).encode()).isEqualTo("{\"line\":1,\"id\":\"a\"}");
            assertThat(answers.get(2).getString("id")).isEqualTo("\"q\\");
            assertThat(http.broker.history()).extracting(Broker::value).containsExactly("{\"n\":1.10}", "2", "3");
            assertThat(Broker.key(http.broker.history().get(0))).isEqualTo("k");
            assertThat(Broker.header(http.broker.history().get(0), "ce_type")).isEqualTo("mail");
        }
    }

    @Test
    void aBadLineIsToldWithItsPlaceAndTheOthersAreTaken() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges(), "PRODUCER_MAX_BODY", "40")) {
            List<JsonObject> answers = http.batch(
                    "",
                    "{\"id\":\"a\",\"payload\":1}\n"
                            + "nonsense\n"
                            + "{\"payload\":1,\"kye\":1}\n"
                            + "x".repeat(100_000) + "\n"
                            + "{\"id\":\"b\",\"payload\":1}\n"
                            + "{\"payload\":");
            assertThat(http.broker.ids()).containsExactly("a", "b");
            assertThat(answers).extracting(line -> line.getInteger("line")).containsExactly(1, 2, 3, 4, 5, 6);
            assertThat(answers.stream()
                            .filter(line -> line.containsKey("error"))
                            .map(line -> line.getJsonObject("error").getString("detail")))
                    .satisfiesExactly(
                            detail -> assertThat(detail).startsWith("line 2, column 1: not JSON"),
                            detail -> assertThat(detail).startsWith("line 3, column 14: unknown field \"kye\""),
                            detail -> assertThat(detail).contains("longer than 40 bytes, which is producer.max-body"),
                            detail -> assertThat(detail).startsWith("line 6, column 12: not JSON"));
        }
    }

    @Test
    void bytesThatAreNoUtf8AreABadLine() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            HttpResponse<Buffer> response = Futures.await(http.post("/v1/tasks:batch")
                    .putHeader("content-type", "application/x-ndjson")
                    .sendBuffer(Buffer.buffer("{\"payload\":\"é")
                            .appendByte((byte) 0xC3)
                            .appendString("\"}\n{\"payload\":\"")
                            .appendByte((byte) 0)
                            .appendString("\"}\n{\"payload\":2}\n")));
            assertThat(response.bodyAsString().lines())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("line 1, column 14: not UTF-8"),
                            line -> assertThat(line).contains("line 2, column 13: there is a NUL character"),
                            line -> assertThat(line).doesNotContain("error"));
        }
    }

    @Test
    void whatTheBrokerDoesNotTakeIsToldOnItsLine() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent());
                Exchange exchange = new Exchange(http.port)) {
            exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            exchange.chunk(
                    "{\"id\":\"a\",\"payload\":1}\n{\"id\":\"b\",\"payload\":1}\n{\"id\":\"c\",\"payload\":1}\n");
            await().until(() -> http.broker.history().size() == 3);
            http.broker.completeNext();
            http.broker.errorNext(new TimeoutException("gone"));
            http.broker.completeNext();
            assertThat(exchange.answers(3))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("{\"line\":1,\"id\":\"a\"}"),
                            line -> assertThat(line)
                                    .startsWith("{\"line\":2,\"id\":\"b\",\"error\":{")
                                    .contains("\"status\":503")
                                    .contains("task b was not acknowledged: gone"),
                            line -> assertThat(line).isEqualTo("{\"line\":3,\"id\":\"c\"}"));
        }
    }

    @Test
    void answersComeWhileTheRequestIsStillBeingSent() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges());
                Exchange exchange = new Exchange(http.port)) {
            exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            for (int i = 1; i <= 3; i++) {
                exchange.chunk("{\"id\":\"" + i + "\",\"payload\":1}\n");
                assertThat(exchange.answers(1)).containsExactly("{\"line\":" + i + ",\"id\":\"" + i + "\"}");
            }
            exchange.send("0\r\n\r\n");
            assertThat(exchange.rest()).isEqualTo("0");
        }
    }

    @Test
    void aClientThatAsksWhetherItMayGoOnIsToldSoBeforeItSendsAnything() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges());
                RawClient client = RawClient.connect(http.port)) {
            client.send(HEAD + "expect: 100-continue\r\ncontent-length: 23\r\nconnection: close\r\n\r\n");
            assertThat(client.oneAnswer()).startsWith("HTTP/1.1 100 ");

            client.send("{\"id\":\"a\",\"payload\":1}\n");
            assertThat(client.untilClosed()).startsWith("HTTP/1.1 200 ").contains("{\"line\":1,\"id\":\"a\"}");
        }
    }

    @Test
    void aRequestThatBreaksOffInTheMiddleOfALineLeavesNoHalfATask() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            try (Exchange exchange = new Exchange(http.port)) {
                exchange.send(HEAD + "content-length: 1000\r\n\r\n");
                exchange.send("{\"id\":\"a\",\"payload\":1}\n{\"id\":\"b\",\"payload\":12");
                assertThat(exchange.answers(1)).containsExactly("{\"line\":1,\"id\":\"a\"}");
            }
            // Once the break has been seen, another request is answered after it.
            assertThat(http.batch("", "{\"id\":\"c\",\"payload\":1}")).hasSize(1);
            assertThat(http.broker.ids()).containsExactly("a", "c");
        }
    }

    @Test
    void aFullBufferHoldsTheRequestBackAndLeavesRoomForSingleTasks() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent(), "PRODUCER_MAX_BUFFERED", "8");
                Exchange exchange = new Exchange(http.port)) {
            exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            exchange.chunk(tasks(100));
            await().until(() -> http.broker.history().size() == 6);
            var single = http.submit("{\"id\":\"single\",\"payload\":1}");
            await().until(() -> http.broker.history().size() == 7);
            while (http.broker.history().size() < 101 || http.broker.completeNext()) {
                http.broker.completeNext();
            }
            assertThat(Futures.await(single).statusCode()).isEqualTo(202);
            assertThat(exchange.answers(100)).last().isEqualTo("{\"line\":100,\"id\":\"t100\"}");
        }
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsHeldBackAndThenGoesOn() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges());
                Exchange exchange = new Exchange(http.port)) {
            int chunks = 200;
            String name = "x".repeat(200);
            String chunk = tasks(1_000).replace("\"t", "\"" + name);
            AtomicInteger sent = new AtomicInteger();
            Thread sender = new Thread(() -> {
                exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
                while (sent.getAndIncrement() < chunks) {
                    exchange.chunk(chunk);
                    http.broker.clear();
                }
                exchange.send("0\r\n\r\n");
            });
            sender.start();
            AtomicInteger seen = new AtomicInteger(-1);
            await().during(Duration.ofMillis(500)).until(() -> seen.getAndSet(sent.get()) == sent.get());
            // Nobody has read a byte, and 40 MB of answers fit into no buffer.
            assertThat(sent).hasValueLessThan(chunks);
            assertThat(exchange.answers(chunks * 1_000)).last().asString().startsWith("{\"line\":200000,");
            sender.join();
        }
    }

    @Test
    void badLinesBehindOneThatIsNotAcknowledgedAreHeldBackToo() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatIsSilent());
                Exchange exchange = new Exchange(http.port)) {
            int chunks = 400;
            String chunk = "x\n".repeat(10_000);
            AtomicInteger sent = new AtomicInteger();
            Thread sender = new Thread(() -> {
                exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
                exchange.chunk("{\"id\":\"a\",\"payload\":1}\n");
                while (sent.getAndIncrement() < chunks) {
                    exchange.chunk(chunk);
                }
                exchange.send("0\r\n\r\n");
            });
            sender.start();
            AtomicInteger seen = new AtomicInteger(-1);
            await().during(Duration.ofMillis(500)).until(() -> seen.getAndSet(sent.get()) == sent.get());
            // Four million answers are in nobody's memory.
            assertThat(http.broker.history()).hasSize(1);
            assertThat(sent).hasValueLessThan(chunks);
            exchange.hangUp();
            sender.join();
        }
    }

    @Test
    void onlyErrorsAreAnsweredOnRequest() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            List<JsonObject> answers = http.batch("?answers=errors", tasks(1_000) + "nonsense\n" + tasks(5));
            assertThat(answers).hasSize(2);
            assertThat(answers.get(0).getInteger("line")).isEqualTo(1_001);
            assertThat(answers.get(1).encode()).isEqualTo("{\"taken\":1005,\"refused\":1}");
        }
    }

    @Test
    void anEmptyBatchHasAnEmptyAnswer() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertThat(http.batch("", "")).isEmpty();
            assertThat(http.batch("", "\n\n")).isEmpty();
            assertThat(http.batch("?answers=errors", "")).hasSize(1);
        }
    }

    @Test
    void whatIsNoBatchIsRefusedAtOnce() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges())) {
            assertProblem(
                    Futures.await(http.post("/v1/tasks:batch").sendBuffer(Buffer.buffer("{}"))),
                    415,
                    "application/x-ndjson",
                    null);
            assertProblem(
                    Futures.await(http.post("/v1/tasks:batch?answers=some")
                            .putHeader("content-type", "application/x-ndjson")
                            .sendBuffer(Buffer.buffer("{}"))),
                    400,
                    "neither all nor errors",
                    "answers");
            assertProblem(
                    Futures.await(http.post("/v1/tasks:batch")
                            .putHeader("content-type", "application/x-ndjson")
                            .putHeader("content-encoding", "gzip")
                            .sendBuffer(Buffer.buffer("{}"))),
                    415,
                    "content-encoding",
                    null);
        }
    }

    @Test
    void whoStopsInTheMiddleIsToldWhereAndTheConnectionIsClosed() throws Exception {
        try (HttpPort http = HttpPort.open(Broker.thatAcknowledges(), "PRODUCER_IDLE_TIMEOUT", "200ms");
                Exchange exchange = new Exchange(http.port)) {
            exchange.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            exchange.chunk("{\"id\":\"a\",\"payload\":1}\n{\"id\":\"b\",\"pay");
            assertThat(exchange.answers(2))
                    .satisfiesExactly(
                            line -> assertThat(line).isEqualTo("{\"line\":1,\"id\":\"a\"}"),
                            line -> assertThat(line).startsWith("{\"line\":2,").contains("\"status\":408"));
            assertThat(exchange.rest()).isEqualTo("0");
            assertThat(http.broker.ids()).containsExactly("a");
        }
    }

    private static String tasks(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{\"id\":\"t" + i + "\",\"payload\":1}\n")
                .collect(Collectors.joining());
    }

    /** One request on a socket, byte by byte as the test wants it. */
    private static final class Exchange implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final BufferedReader in;
        private boolean headRead;

        Exchange(int port) throws IOException {
            socket = new Socket();
            socket.setReceiveBufferSize(8 << 10);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            out = socket.getOutputStream();
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        void send(String text) {
            try {
                out.write(text.getBytes(UTF_8));
                out.flush();
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        void chunk(String text) {
            send(Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n");
        }

        /** The next lines of the answer, without the chunks' own. */
        List<String> answers(int count) throws IOException {
            if (!headRead) {
                assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
                String line = in.readLine();
                while (!line.isEmpty()) {
                    line = in.readLine();
                }
                headRead = true;
            }
            List<String> answers = new ArrayList<>();
            while (answers.size() < count) {
                String line = in.readLine();
                if (line.startsWith("{")) {
                    answers.add(line);
                }
            }
            return answers;
        }

        /** What is left until the connection or the response ends, without empty lines and the ends of chunks. */
        String rest() throws IOException {
            String line = in.readLine();
            while (line.isEmpty()) {
                line = in.readLine();
            }
            return line;
        }

        void hangUp() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            hangUp();
        }
    }
}
