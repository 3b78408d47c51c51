package io.sluice.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.sluice.record.TraceContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Test
    void itIsAskedForByAnEndpointAndByNothingElse() {
        assertThat(Tracing.isAskedFor(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel:4318")))
                .isTrue();
        assertThat(Tracing.isAskedFor(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://otel:4318/v1/traces")))
                .isTrue();
        assertThat(Tracing.isAskedFor(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " ", "OTEL_SERVICE_NAME", "x")))
                .isFalse();
    }

    @Test
    void theEnvironmentNamesTheServiceIfItDoes() {
        assertThat(Exporting.defaults("sluice-producer", Map.of()))
                .containsEntry("otel.service.name", "sluice-producer")
                .containsEntry("otel.metrics.exporter", "none")
                .containsEntry("otel.logs.exporter", "none");
        assertThat(Exporting.defaults("sluice-producer", Map.of("OTEL_RESOURCE_ATTRIBUTES", "a=b,service.name=mine")))
                .doesNotContainKey("otel.service.name");
    }

    @Test
    void aContextThatCameInIsToldAsItCame() {
        TraceContext came = new TraceContext(PARENT, "congo=t61rcWkgMzE,rojo=00f0");
        assertThat(Tracing.told(Tracing.parent(came, Context.root()))).isEqualTo(came);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-a-b-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void whatMakesNoSenseIsNoContext(String parent) {
        Context otherwise = Context.root().with(ContextKey.named("mine"), "x");
        assertThat(Tracing.parent(new TraceContext(parent, "a=1"), otherwise)).isSameAs(otherwise);
        assertThat(Tracing.told(otherwise)).isNull();
    }

    @Test
    void whatRunsLaterRunsInTheContextOfWhoeverAskedForIt() {
        ContextKey<String> key = ContextKey.named("mine");
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder().build();
                var current = Context.root().with(key, "x").makeCurrent()) {
            assertThat(current).isNotNull();
            var on = Tracing.of(sdk).here(() -> String.valueOf(Context.current().get(key)));
            try (var elsewhere = Context.root().makeCurrent()) {
                assertThat(elsewhere).isNotNull();
                assertThat(on.get()).isEqualTo("x");
            }
        }
    }

    @Test
    void offMakesNoSpansAndYoursStaysYours() {
        assertThat(Tracing.off().tracer()).isNull();
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        OpenTelemetrySdk yours = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .build();
        Tracing tracing = Tracing.of(yours);
        tracing.close();
        yours.getTracer("mine").spanBuilder("after").startSpan().end();
        assertThat(spans.getFinishedSpanItems()).as("it was not shut down").hasSize(1);
        yours.close();
    }
}
