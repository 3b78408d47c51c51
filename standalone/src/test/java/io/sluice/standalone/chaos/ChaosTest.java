package io.sluice.standalone.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.kafka.KafkaClients;
import io.sluice.standalone.CommandProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three consumer processes, 20,000 tasks over 200 skewed keys, at most three runs of a key at once; and consumers and
 * broker die, freeze and come back. {@code -Dchaos.seed=…} makes the same tasks and does the same to the processes, though
 * not at the same moments.
 */
@Tag("chaos")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChaosTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final long seed = Long.getLong("chaos.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private Witness witness;
    private Cluster cluster;

    @BeforeAll
    void threeConsumers(@TempDir Path folder) throws Exception {
        System.out.println("chaos: -Dchaos.seed=" + seed);
        witness = new Witness();
        cluster = new Cluster(folder, witness);
        for (int i = 0; i < 3; i++) {
            cluster.join();
        }
    }

    @AfterAll
    void end() {
        cluster.close();
        witness.close();
    }

    @Test
    @Order(1)
    void aRollingRestartExceedsNoCapAndRepeatsNothing() throws Exception {
        try (Phase phase = phase("rolling restart", 5_000)) {
            phase.awaitMore(300);
            for (CommandProcess old : cluster.consumers()) {
                cluster.leave(old);
                phase.awaitMore(some());
                cluster.join();
                phase.awaitMore(some());
            }
            CommandProcess fourth = cluster.join();
            phase.awaitMore(some());
            cluster.leave(fourth);
            phase.finish();

            phase.nothingIsLost();
            phase.noKeyExceeds(Cluster.CAP);
            phase.someKeyReaches(Cluster.CAP);
            phase.nothingIsRepeated();
            phase.nothingCommittedIsRepeated();
        }
    }

    @Test
    @Order(2)
    void killedConsumersLoseNothingExceedNoCapAndRepeatNothingThatWasCommitted() throws Exception {
        try (Phase phase = phase("kill -9", 7_000)) {
            phase.awaitMore(300);
            for (int i = 0; i < 6; i++) {
                cluster.kill(any());
                phase.look();
                cluster.join();
                phase.awaitMore(some());
            }
            phase.finish();

            phase.nothingIsLost();
            phase.noKeyExceeds(Cluster.CAP);
            phase.someKeyReaches(Cluster.CAP);
            phase.nothingCommittedIsRepeated();
        }
    }

    @Test
    @Order(3)
    void aFrozenConsumerExceedsTheCapByNoMoreThanItRan() throws Exception {
        try (Phase phase = phase("freeze", 3_000)) {
            phase.awaitMore(300);
            Set<Long> frozen = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                CommandProcess one = any();
                frozen.add(one.pid());
                one.signal("STOP");
                awaitMembers(2);
                phase.awaitMore(300);
                one.signal("CONT");
                awaitMembers(3);
                phase.awaitMore(300);
            }
            phase.finish();

            phase.nothingIsLost();
            phase.noKeyExceeds(2 * Cluster.CAP);
            phase.nothingCommittedIsRepeated(frozen);
        }
    }

    @Test
    @Order(4)
    void aBrokerThatIsRestartedOrKilledLosesNothing() throws Exception {
        try (Phase phase = phase("broker restart", 3_000)) {
            phase.awaitMore(300);
            cluster.stopBroker();
            cluster.restartBroker();
            phase.awaitMore(300);
            cluster.killBroker();
            cluster.restartBroker();
            phase.awaitMore(300);
            phase.finish();

            phase.nothingIsLost();
            phase.noKeyExceeds(Cluster.CAP);
            phase.nothingCommittedIsRepeated();
        }
    }

    @Test
    @Order(5)
    void allOfItInAnyOrderLosesNothing() throws Exception {
        try (Phase phase = phase("anything", 2_000)) {
            phase.awaitMore(300);
            for (int i = 0; i < 6; i++) {
                anything(phase);
                phase.awaitMore(some());
            }
            phase.finish();

            phase.nothingIsLost();
            phase.noKeyExceeds(Cluster.CAP);
            phase.nothingCommittedIsRepeated();
        }
    }

    private void anything(Phase phase) throws Exception {
        int what = random.nextInt(5);
        switch (what) {
            case 0 -> {
                phase.say("two are killed at once");
                cluster.kill(any());
                cluster.kill(any());
                phase.look();
                cluster.join();
                cluster.join();
            }
            case 1 -> {
                phase.say("one is killed while another one leaves");
                CommandProcess leaving = any();
                cluster.beginToLeave(leaving);
                cluster.kill(any());
                cluster.awaitEnd(leaving);
                phase.look();
                cluster.join();
                cluster.join();
            }
            case 2 -> {
                phase.say("one is killed while the broker is away");
                cluster.stopBroker();
                cluster.kill(any());
                cluster.restartBroker();
                cluster.join();
            }
            case 3 -> {
                phase.say("one joins while another one leaves");
                CommandProcess leaving = any();
                cluster.beginToLeave(leaving);
                cluster.join();
                cluster.awaitEnd(leaving);
            }
            default -> {
                phase.say("the broker restarts");
                cluster.stopBroker();
                cluster.restartBroker();
            }
        }
    }

    private Phase phase(String name, int tasks) {
        return new Phase(name, tasks, cluster, witness, random.nextLong());
    }

    private int some() {
        return 100 + random.nextInt(300);
    }

    private CommandProcess any() {
        List<CommandProcess> all = cluster.consumers();
        return all.get(random.nextInt(all.size()));
    }

    /** Returns when the group has so many members. */
    private void awaitMembers(int members) {
        String group = cluster.settings().consumer().group();
        try (Admin admin = KafkaClients.admin(cluster.settings().kafka(), "chaos-members")) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(admin.describeConsumerGroups(List.of(group))
                                    .all()
                                    .get()
                                    .values())
                            .singleElement()
                            .satisfies(found -> assertThat(found.members()).hasSize(members)));
        }
    }
}
