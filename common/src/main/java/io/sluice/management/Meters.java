package io.sluice.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What a process measures, of itself, of its Vert.x, and of all that put meters into its registry. Safe for threads. */
public final class Meters implements AutoCloseable {
    static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    static final String OPEN_METRICS = "application/openmetrics-text";
    static final String OPEN_METRICS_TEXT = OPEN_METRICS + "; version=1.0.0; charset=utf-8";

    /** Vert.x keeps registries by name for the whole JVM; two of one name would be one. */
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    /**
     * Of Vert.x's domains those whose labels are bounded. Its pools have a label for every host that a client has spoken
     * to, which nothing switches off, and its HTTP clients one for every status that a stranger may make up.
     */
    private static final Set<MetricsDomain> DOMAINS = EnumSet.of(MetricsDomain.HTTP_SERVER, MetricsDomain.EVENT_BUS);

    /** Neither the path nor the method: whoever calls may make up as many of them as he likes. */
    private static final Set<Label> LABELS = EnumSet.of(Label.HTTP_ROUTE, Label.HTTP_CODE, Label.EB_SIDE);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final String name = "sluice-" + INSTANCES.incrementAndGet();

    private Meters() {}

    /** Measures the JVM from now on. */
    public static Meters open() {
        Meters meters = new Meters();
        List<MeterBinder> ofTheJvm = List.of(
                new JvmInfoMetrics(),
                new JvmMemoryMetrics(),
                meters.collections,
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics());
        ofTheJvm.forEach(binder -> binder.bindTo(meters.registry));
        return meters;
    }

    /** Where others put their meters. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Makes a Vert.x that is measured. */
    public VertxBuilder vertx(VertxOptions options) {
        MicrometerMetricsOptions measured = new MicrometerMetricsOptions()
                .setEnabled(true)
                .setRegistryName(name)
                .setLabels(LABELS)
                .setDisabledMetricsCategories(EnumSet.complementOf(EnumSet.copyOf(DOMAINS)).stream()
                        .map(MetricsDomain::toCategory)
                        .collect(Collectors.toSet()));
        return Vertx.builder()
                .with(new VertxOptions(options).setMetricsOptions(measured))
                .withMetrics(new MicrometerMetricsFactory(registry));
    }

    /**
     * All values, as text. It asks every meter, so it may take a while.
     *
     * @param mediaType {@link #PROMETHEUS_TEXT} or {@link #OPEN_METRICS_TEXT}
     */
    byte[] scrape(String mediaType) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            registry.scrape(text, mediaType);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
