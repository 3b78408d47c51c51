package io.sluice.standalone.chaos;

import io.sluice.cli.StopSignal;
import io.sluice.cli.Waiting;
import io.sluice.standalone.broker.EmbeddedBroker;
import java.nio.file.Path;

/** A broker alone in its process, until SIGTERM. Arguments: its folder, its port. */
public final class BrokerProgram {
    public static final String UP = "The broker is up";

    private BrokerProgram() {}

    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.listen();
        try (EmbeddedBroker broker = EmbeddedBroker.at(Path.of(arguments[0]), Integer.parseInt(arguments[1]))) {
            System.err.println(UP + " at " + broker.bootstrapServers());
            Waiting.on(stop.received());
        }
        System.exit(0);
    }
}
