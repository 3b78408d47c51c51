package io.sluice.standalone.chaos;

import io.sluice.standalone.CommandProcess;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link ChaosTest}: one consumer is killed, another one stopped. */
class KillTest {
    @Test
    void whatAKilledConsumerLeavesIsRunByOthersAndWhatWasCommittedIsNot(@TempDir Path folder) throws Exception {
        long seed = new Random().nextLong();
        try (Witness witness = new Witness();
                Cluster cluster = new Cluster(folder, witness)) {
            CommandProcess first = cluster.join();
            CommandProcess second = cluster.join();
            try (Phase phase = new Phase("kill", 1_000, cluster, witness, seed)) {
                phase.awaitMore(200);

                cluster.kill(first);
                phase.look();
                cluster.join();
                phase.awaitMore(100);
                cluster.leave(second);
                phase.finish();

                phase.nothingIsLost();
                phase.noKeyExceeds(Cluster.CAP);
                phase.nothingCommittedIsRepeated();
            }
        }
    }
}
