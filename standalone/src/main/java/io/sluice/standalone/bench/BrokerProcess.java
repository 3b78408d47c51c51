package io.sluice.standalone.bench;

import io.sluice.cli.StopSignal;
import io.sluice.cli.Waiting;
import io.sluice.standalone.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The embedded broker in a process of its own, so that what it takes is not the consumer's. Blocks. */
public final class BrokerProcess implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 768;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Pattern READY = Pattern.compile("bootstrap=(\\S+)");

    private final Jvm jvm;
    private final String bootstrap;

    private BrokerProcess(Jvm jvm, String bootstrap) {
        this.jvm = jvm;
        this.bootstrap = bootstrap;
    }

    /** @param folder for what it says */
    public static BrokerProcess start(Path folder) {
        Jvm jvm = Jvm.start(
                Program.here("the broker", BrokerProcess.class).with(HEAP_MEGABYTES, List.of()),
                List.of(),
                folder.resolve("broker.log"));
        boolean ready = Waiting.until(
                () -> {
                    jvm.mustRun();
                    return READY.matcher(jvm.said()).find();
                },
                PATIENCE);
        Matcher said = READY.matcher(jvm.said());
        if (!ready || !said.find()) {
            jvm.close();
            throw new IllegalStateException(
                    "the broker has not started within " + PATIENCE.toSeconds() + " s: " + jvm.lastWords());
        }
        return new BrokerProcess(jvm, said.group(1));
    }

    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void close() {
        try (jvm) {
            jvm.end();
        }
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        // Ctrl-C is for the whole group of processes: this one outlives whoever uses it, and then deletes its data.
        StopSignal unused = StopSignal.listen();
        try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
            System.out.println("bootstrap=" + broker.bootstrapServers());
            while (System.in.read() >= 0) {
                // Nothing is said there.
            }
        }
        System.exit(0);
    }
}
