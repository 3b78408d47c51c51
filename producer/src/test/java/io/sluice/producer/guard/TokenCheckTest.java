package io.sluice.producer.guard;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.producer.client.Futures;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TokenCheckTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final Token crawler = Token.random();
    private final Token shop = Token.random();

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void writeTokens() throws Exception {
        file = folder.resolve("tokens.txt");
        Files.writeString(file, crawler.line("crawler") + "\n" + shop.line("shop") + "\n");
    }

    @AfterEach
    void close() throws Exception {
        Futures.await(vertx.close());
    }

    @Test
    void aTokenLetsInWhoeverBearsItByItsName() throws Exception {
        int port = deploy().port();
        assertThat(get(port, "Bearer " + crawler.secret())).contains("200 OK").endsWith("crawler");
        assertThat(get(port, "bearer  " + shop.secret())).contains("200 OK").endsWith("shop");
    }

    @Test
    void withoutATokenOrWithAWrongOneNobodyIsLetIn() throws Exception {
        try (Logged logged = Logged.of(TokenCheck.class)) {
            int port = deploy().port();
            assertThat(RawClient.answer(port, "GET /name HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("www-authenticate: Bearer realm=\"sluice\"\r\n");
            assertThat(get(port, "Basic " + crawler.secret()))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("www-authenticate: Bearer realm=\"sluice\"\r\n");
            for (String wrong :
                    new String[] {"Bearer " + Token.random().secret(), "Bearer " + crawler.secret() + ",", "Bearer é"
                    }) {
                assertThat(get(port, wrong))
                        .startsWith("HTTP/1.1 401 ")
                        .contains("www-authenticate: Bearer realm=\"sluice\", error=\"invalid_token\"\r\n");
            }
            assertThat(logged.messages()).as("once a minute").hasSize(1);
            assertThat(logged.messages().get(0)).contains("127.0.0.1").doesNotContain(crawler.secret());
        }
    }

    @Test
    void aRouteThatComesBeforeTheTokensIsOpenAndEveryOtherPathIsNot() throws Exception {
        int port = deploy().port();
        assertThat(RawClient.answer(port, "GET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .contains("200 OK");
        for (String path : new String[] {"/name/", "//name", "/no", "/open/../name", "/NAME", "/%6eame"}) {
            assertThat(RawClient.answer(port, "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void theAnswerDoesNotWaitForTheBodyAndTheConnectionDoesNotOutliveIt() throws Exception {
        int port = deploy().port();
        String answer = RawClient.answer(
                port, "POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nand then nothing");
        assertThat(answer).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void tokensAreAddedAndWithdrawnWhileItRuns() throws Exception {
        int port = deploy().port();
        Token fresh = Token.random();
        TokenFile.add(file, fresh, "fresh");
        await().atMost(PATIENCE)
                .until(() -> get(port, "Bearer " + fresh.secret()).contains("200 OK"));
        Files.writeString(file, fresh.line("fresh"));
        await().atMost(PATIENCE)
                .until(() -> get(port, "Bearer " + crawler.secret()).contains(" 401 "));
        Files.writeString(file, "# all gone");
        await().atMost(PATIENCE)
                .until(() -> get(port, "Bearer " + fresh.secret()).contains(" 401 "));
    }

    @Test
    void aLinkThatIsTurnedIsAChange() throws Exception {
        Path first = Files.createDirectory(folder.resolve("..1"));
        Path second = Files.createDirectory(folder.resolve("..2"));
        Files.move(file, first.resolve("tokens.txt"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first);
        Files.createSymbolicLink(file, data.resolve("tokens.txt"));
        int port = deploy().port();
        Token fresh = Token.random();
        Files.writeString(second.resolve("tokens.txt"), fresh.line("fresh"));
        Files.move(Files.createSymbolicLink(folder.resolve("..tmp"), second), data, ATOMIC_MOVE);
        await().atMost(PATIENCE)
                .until(() -> get(port, "Bearer " + fresh.secret()).contains("200 OK"));
    }

    @Test
    void whileTheFileIsFaultyOrGoneTheOldTokensHoldAndTheLogSaysSoOnce() throws Exception {
        try (Logged logged = Logged.of(WatchedFiles.class)) {
            int port = deploy().port();
            Files.writeString(file, "sluice_a_secret_by_mistake");
            await().atMost(PATIENCE).until(() -> logged.messages().size() == 1);
            assertThat(logged.messages().get(0))
                    .contains("tokens.txt:1", "what was read before stays in force")
                    .doesNotContain("mistake");
            Files.writeString(file, "\ncrawler 123");
            await().atMost(PATIENCE).until(() -> logged.messages().size() == 2);
            Files.delete(file);
            await().atMost(PATIENCE).until(() -> logged.messages().size() == 3);
            assertThat(logged.messages().get(2)).contains("is not there");
            assertThat(get(port, "Bearer " + crawler.secret())).contains("200 OK");
            Files.writeString(file, shop.line("shop"));
            await().atMost(PATIENCE)
                    .until(() -> get(port, "Bearer " + crawler.secret()).contains(" 401 "));
            assertThat(logged.messages()).hasSize(3);
        }
    }

    @Test
    void aFileThatIsFaultyGoneOrEmptyAtTheStartIsAFaultInOneLine() throws Exception {
        Files.writeString(file, "crawler");
        assertThat(refused()).hasMessageContaining("tokens.txt:1 must be NAME").hasMessageNotContaining("\n");
        Files.writeString(file, "# nobody\n");
        assertThat(refused()).hasMessageContaining("has no token; `sluice token NAME --add " + file);
        Files.delete(file);
        assertThat(refused()).hasMessage("producer.tokens-file: " + file + " is not there");
        Files.createDirectory(file);
        assertThat(refused()).hasMessageContaining("cannot be read");
    }

    private Throwable refused() throws Exception {
        return GuardedServer.refused(vertx, Map.of("SLUICE_PRODUCER_TOKENS_FILE", file.toString()));
    }

    private GuardedServer deploy() throws Exception {
        return GuardedServer.deploy(vertx, Map.of("SLUICE_PRODUCER_TOKENS_FILE", file.toString()));
    }

    private static String get(int port, String authorization) throws Exception {
        return RawClient.answer(
                port,
                "GET /name HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: " + authorization + "\r\n\r\n");
    }
}
