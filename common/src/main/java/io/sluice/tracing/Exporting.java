package io.sluice.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** OpenTelemetry's SDK as the environment configures it, sending spans to a collector on threads of its own. */
final class Exporting {
    private static final long LAST_SPANS_SECONDS = 2;

    /** Held on to: {@code java.util.logging} forgets loggers that nobody holds, and their handlers with them. */
    private static final Logger COMPLAINTS = Logger.getLogger("io.opentelemetry");

    private final OpenTelemetrySdk sdk;

    private Exporting(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    static Exporting open(String service, Map<String, String> environment) {
        logWithTheRest();
        try {
            return new Exporting(AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> defaults(service, environment))
                    .disableShutdownHook()
                    .setResultAsGlobal()
                    .build()
                    .getOpenTelemetrySdk());
        } catch (ConfigurationException fault) {
            throw new IllegalStateException(
                    "tracing cannot start: " + fault.getMessage() + "; see the OTEL_… variables", fault);
        }
    }

    /** Where the environment says nothing. Metrics and logs leave Sluice in other ways. */
    static Map<String, String> defaults(String service, Map<String, String> environment) {
        Map<String, String> defaults = new HashMap<>(Map.of(
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.exporter.otlp.protocol", "http/protobuf"));
        if (!environment.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", "").contains("service.name=")) {
            defaults.put("otel.service.name", service);
        }
        return defaults;
    }

    /** The SDK speaks to {@code java.util.logging}, which nothing of Sluice's configuration reaches. */
    private static void logWithTheRest() {
        if (COMPLAINTS.getHandlers().length == 0) {
            COMPLAINTS.addHandler(new SLF4JBridgeHandler());
            COMPLAINTS.setUseParentHandlers(false);
        }
    }

    OpenTelemetry openTelemetry() {
        return sdk;
    }

    /** A collector that does not answer is not waited for: its threads are daemons. Blocks. */
    void close() {
        sdk.shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS);
    }
}
