package io.sluice.consumer;

import io.sluice.consumer.engine.Loop;
import io.sluice.consumer.engine.Seldom;
import io.sluice.consumer.kafka.EndOffsets;
import io.sluice.consumer.kafka.PausedTypes;
import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plain thread that follows the control topic until it is told to stop, whatever the broker does meanwhile. In between it
 * asks where the partitions end that are read.
 */
final class ControlThread {
    private static final Logger log = LoggerFactory.getLogger(ControlThread.class);
    private static final Duration AT_THE_START = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(1);

    private final PausedTypes types;
    private final Consumer<Set<String>> changed;
    private final EndOffsets ends;
    private final Loop hears;
    private final Seldom warnings;
    private final Promise<Void> ended = Promise.promise();
    private final Thread thread;
    private volatile boolean stopping;

    /**
     * @param types is this thread's from now on
     * @param changed hears of the paused types whenever they have changed, on this thread
     * @param ends this thread asks for them every five seconds
     * @param hears of the end
     */
    ControlThread(String name, PausedTypes types, Consumer<Set<String>> changed, EndOffsets ends, Loop hears) {
        this.ends = ends;
        this.types = types;
        this.changed = changed;
        this.hears = hears;
        this.warnings = new Seldom(hears);
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the control topic and reads it to its end. Blocks.
     *
     * @throws ConsumerFailed if that cannot be done within 15 seconds
     */
    static PausedTypes open(Settings settings, String clientId) {
        String topic = settings.topics().control();
        return open(new PausedTypes(KafkaClients.reader(settings.kafka(), clientId), topic), topic, AT_THE_START);
    }

    static PausedTypes open(PausedTypes types, String topic, Duration patience) {
        try {
            types.read(patience);
            return types;
        } catch (RuntimeException e) {
            types.close();
            throw new ConsumerFailed(
                    "which types are paused cannot be read from topic " + topic + ": " + e.getMessage()
                            + (e instanceof AuthorizationException
                                    ? "; allow this client to read and describe it"
                                    : "; is the leader of its partition there?"),
                    e);
        }
    }

    /** Completes, on the loop, when the thread has let go of the topic. Any thread. */
    Future<Void> stop() {
        stopping = true;
        types.wakeup();
        LockSupport.unpark(thread);
        return ended.future();
    }

    private void run() {
        while (!stopping) {
            try {
                types.poll(POLL).ifPresent(changed);
                types.ask(ends);
            } catch (WakeupException e) {
                log.debug("Woken up, which only a stop does");
            } catch (RuntimeException | Error e) {
                if (warnings.now()) {
                    log.warn("Whether types are paused cannot be read, trying again: {}", e.toString());
                }
                LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
            }
        }
        try {
            types.close();
        } catch (RuntimeException | Error e) {
            log.warn("The reader of paused types did not close well: {}", e.toString());
        }
        hears.execute(ended::complete);
    }
}
