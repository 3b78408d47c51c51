package io.sluice.standalone.broker;

import com.yammer.metrics.core.MetricsRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.internals.Exit;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Kafka from treating this JVM as its own while a broker is open.
 *
 * <p>Kafka ends the whole JVM, without a word, when it cannot go on: a port is taken, the data folder vanished. With a
 * guard in place that is logged, remembered, and thrown in the thread that wanted it. When the last guard closes, Kafka's
 * own procedures are back and the threads that it shares between brokers are gone. What is guarded is static in Kafka,
 * hence the static set here. Any thread.
 */
final class JvmGuard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JvmGuard.class);
    private static final Set<JvmGuard> OPEN = new HashSet<>();

    private @Nullable String reason;

    private JvmGuard() {}

    static JvmGuard install() {
        synchronized (OPEN) {
            if (OPEN.isEmpty()) {
                Exit.setExitProcedure((status, message) -> refuse("exit", status, message));
                Exit.setHaltProcedure((status, message) -> refuse("halt", status, message));
            }
            JvmGuard guard = new JvmGuard();
            OPEN.add(guard);
            return guard;
        }
    }

    /** Why Kafka first wanted to end the JVM since this guard was installed; empty when it never did. */
    Optional<String> reason() {
        synchronized (OPEN) {
            return Optional.ofNullable(reason);
        }
    }

    @Override
    public void close() {
        synchronized (OPEN) {
            if (OPEN.remove(this) && OPEN.isEmpty()) {
                Exit.resetExitProcedure();
                Exit.resetHaltProcedure();
                forgetMetrics(KafkaYammerMetrics.defaultRegistry());
            }
        }
    }

    /** Kafka leaves gauges behind that hold on to whole brokers. The registry's threads start again when needed. */
    private static void forgetMetrics(MetricsRegistry metrics) {
        List.copyOf(metrics.allMetrics().keySet()).forEach(metrics::removeMetric);
        metrics.shutdown();
    }

    private static void refuse(String what, int status, @Nullable String message) {
        String reason = "Kafka wanted to " + what + " the JVM with status " + status
                + (message == null ? "" : ": " + message.lines().findFirst().orElse(""));
        LOG.error("The embedded broker failed and must be restarted. {}", reason);
        synchronized (OPEN) {
            for (JvmGuard guard : OPEN) {
                if (guard.reason == null) {
                    guard.reason = reason;
                }
            }
        }
        throw new BrokerFailed(reason, null);
    }
}
