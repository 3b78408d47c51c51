package io.sluice.producer.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final String HASH = "0".repeat(64);

    @Test
    void aTokenHas256RandomBitsBehindItsPrefix() {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String secret = Token.random().secret();
            assertThat(secret).startsWith("sluice_").matches("[A-Za-z0-9_-]+");
            assertThat(Base64.getUrlDecoder().decode(secret.substring("sluice_".length())))
                    .hasSize(32);
            secrets.add(secret);
        }
        assertThat(secrets).hasSize(100);
    }

    @Test
    void noLogLineHasATokensSecret() {
        Token token = Token.random();
        assertThat(token.toString()).doesNotContain(token.secret());
        assertThat(token.line("a")).doesNotContain(token.secret());
    }

    @Test
    void everyTokenOfTheFileIsKnownByItsName() {
        Token crawler = Token.random();
        Token shop = Token.random();
        Token newShop = Token.random();
        Tokens tokens = parse("# who may send\n\n" + crawler.line("crawler") + "\n  "
                + shop.line("shop").replace(" ", " \t") + "   # until May\r\n"
                + newShop.line("shop").toUpperCase(Locale.ROOT).replace("SHOP", "shop"));
        assertThat(tokens.size()).isEqualTo(3);
        assertThat(tokens.named("shop")).isEqualTo(2);
        assertThat(tokens.nameOf(crawler)).isEqualTo("crawler");
        assertThat(tokens.nameOf(shop)).isEqualTo("shop");
        assertThat(tokens.nameOf(newShop)).isEqualTo("shop");
        assertThat(tokens.nameOf(Token.random())).isNull();
        assertThat(tokens.nameOf(new Token(""))).isNull();
        assertThat(tokens.nameOf(new Token(crawler.secret() + "x"))).isNull();
        assertThat(tokens.nameOf(
                        new Token(crawler.secret().substring(0, crawler.secret().length() - 1))))
                .isNull();
    }

    /** Were the comparison to stop at the first that fits, the first's name would be the answer. */
    @Test
    void aTokenIsComparedWithAllEntriesAndNotOnlyUpToTheOneThatFits() {
        Token token = Token.random();
        Tokens tokens = parse(token.line("first") + "\n" + token.line("last") + "\n"
                + Token.random().line("other"));
        assertThat(tokens.nameOf(token)).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "crawler",
                "crawler sluice_secret",
                "crawler 00",
                "sluice_secret",
                "two names 00",
                "a/b 0000000000000000000000000000000000000000000000000000000000000000",
                "crawler 000000000000000000000000000000000000000000000000000000000000000g"
            })
    void aBadLineIsNamedButNeverShown(String line) {
        assertThatThrownBy(() -> parse("fine " + HASH + "\n\n" + line + "\nfine " + HASH))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "producer.tokens-file: tokens.txt:3 must be NAME and 64 hexadecimal digits, as `sluice token"
                                + " NAME` prints them");
    }

    @Test
    void whatIsNoTextIsAFault() {
        assertThatThrownBy(() -> Tokens.parse("tokens.txt", "café".getBytes(ISO_8859_1)))
                .hasMessage("producer.tokens-file: tokens.txt is not UTF-8 text");
    }

    @Test
    void aNewFileIsItsOwnersAlone(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tokens.txt");
        Token token = Token.random();
        assertThat(TokenFile.add(file, token, "crawler")).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).isEqualTo(token.line("crawler") + "\n");
    }

    @Test
    void aLineIsAddedBehindALinkAndALastLineWithoutAnEnd(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tokens.txt");
        Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);
        Token old = Token.random();
        Files.writeString(file, "# ours\n" + old.line("crawler"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Token token = Token.random();
        assertThat(TokenFile.add(link, token, "crawler")).isEqualTo(2);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.readString(file))
                .isEqualTo("# ours\n" + old.line("crawler") + "\n" + token.line("crawler") + "\n");
    }

    @Test
    void nothingIsAddedToWhatIsNoFileOfTokens(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("sluice.yaml");
        Files.writeString(file, "topic: tasks\n");
        assertThatThrownBy(() -> TokenFile.add(file, Token.random(), "crawler"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("sluice.yaml:1");
        assertThat(Files.readString(file)).isEqualTo("topic: tasks\n");
    }

    private static Tokens parse(String text) {
        return Tokens.parse("tokens.txt", text.getBytes(UTF_8));
    }
}
