package io.sluice.producer.guard;

import io.sluice.producer.guard.WatchedFiles.Watched;
import io.sluice.settings.Fault;
import io.sluice.settings.SettingsException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A certificate and its private key, in PEM, that belong together. */
final class Certificate {
    private static final Logger log = LoggerFactory.getLogger(Certificate.class);
    private static final String CERTIFICATE = "producer.tls-certificate";
    private static final String KEY = "producer.tls-key";

    /** No secret: only what is signed and verified to see that the keys are a pair. */
    private static final byte[] PROBE = {1, 2, 3, 4};

    private Certificate() {}

    static Future<WatchedFiles<PemKeyCertOptions>> open(Vertx vertx, Path certificate, Path key) {
        return WatchedFiles.open(
                vertx,
                List.of(new Watched(CERTIFICATE, certificate), new Watched(KEY, key)),
                contents -> read(vertx, certificate + " with " + key, contents.get(0), contents.get(1)));
    }

    /** @throws SettingsException in one line, if they cannot be read or are no pair */
    private static PemKeyCertOptions read(Vertx vertx, String files, byte[] certificate, byte[] key) {
        PemKeyCertOptions pair =
                new PemKeyCertOptions().addCertValue(Buffer.buffer(certificate)).addKeyValue(Buffer.buffer(key));
        X509KeyManager manager = manager(vertx, pair, files);
        String alias = Arrays.stream(new String[] {"RSA", "EC", "EdDSA"})
                .map(kind -> manager.chooseServerAlias(kind, null, null))
                .filter(found -> found != null)
                .findFirst()
                .orElseThrow(() -> fault(files + " have no RSA or EC key"));
        X509Certificate shown = manager.getCertificateChain(alias)[0];
        if (!arePair(manager.getPrivateKey(alias), shown.getPublicKey())) {
            throw fault(files + " do not belong together: the key is another certificate's");
        }
        try {
            shown.checkValidity();
        } catch (CertificateException e) {
            log.warn("Clients will refuse the certificate of {}: {}", files, e.getMessage());
        }
        return pair;
    }

    private static X509KeyManager manager(Vertx vertx, PemKeyCertOptions pair, String files) {
        try {
            for (KeyManager each : pair.getKeyManagerFactory(vertx).getKeyManagers()) {
                if (each instanceof X509KeyManager manager) {
                    return manager;
                }
            }
        } catch (Exception e) {
            // Parsers of PEM throw what they like; none of it quotes the key, but none is promised not to.
            throw fault(files + " are no certificate and private key in PEM ("
                    + e.getClass().getSimpleName() + "); the key must be neither encrypted nor missing");
        }
        throw fault(files + " are no certificate and private key in PEM");
    }

    private static boolean arePair(PrivateKey key, PublicKey shown) {
        String algorithm = key.getAlgorithm().equals("EdDSA")
                ? "EdDSA"
                : "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm());
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static SettingsException fault(String what) {
        return new SettingsException(List.of(new Fault(CERTIFICATE, null, what)));
    }
}
