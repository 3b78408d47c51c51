package io.sluice.producer;

import static io.sluice.producer.client.Broker.header;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.guard.Token;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TokenNameTest {
    @Test
    void aTasksSourceIsTheNameOfTheTokenThatItCameWith(@TempDir Path folder) throws Exception {
        Token token = Token.random();
        Path file = Files.writeString(folder.resolve("tokens.txt"), token.line("crawler"));
        Broker broker = Broker.thatAcknowledges();
        try (HttpPort http = HttpPort.open(broker, "PRODUCER_TOKENS_FILE", file.toString())) {
            assertThat(Futures.await(http.post("/v1/tasks")
                                    .putHeader("authorization", "Bearer " + token.secret())
                                    .sendBuffer(Buffer.buffer("{\"payload\":1}")))
                            .statusCode())
                    .isEqualTo(202);
            HttpPort.assertProblem(Futures.await(http.submit("{\"payload\":1}")), 401, "a token is needed", null);
            assertThat(http.get("/v1/tasks/a").statusCode()).isEqualTo(401);
            assertThat(http.get("/v1/openapi.json").statusCode()).isEqualTo(200);
            assertThat(broker.history()).hasSize(1);
            assertThat(header(broker.history().get(0), "ce_source")).isEqualTo("/sluice/producer/crawler");
        }
    }
}
