package io.sluice.consumer.engine;

import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * More tasks than a partition's window holds, all for one key, for none, or of a paused type; and behind them a few of
 * calm keys, which must not wait for them (P5). It comes in the quiet end. With limit 1 a key keeps its place and may fill
 * the window: there the calm ones may have to wait.
 */
final class SimFlood {
    private static final int TASKS = 450;
    private static final int PROBES = 5;
    private static final String TYPE = "slow";

    private final SimWorld world;
    private final SplittableRandom random;
    private final int partition;
    private final boolean paused;
    private final boolean keyed;
    private boolean written;

    SimFlood(SimWorld world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.partition = random.nextInt(world.setup.partitions);
        this.paused = random.nextInt(3) == 0;
        this.keyed = random.nextBoolean();
    }

    void begin() {
        if (paused) {
            world.pause(Set.of(TYPE));
            world.after(2 * SimScript.PATIENCE, () -> world.pause(Set.of()));
        }
        @Nullable String key = keyed ? key("flood") : null;
        for (int i = 0; i < TASKS; i++) {
            world.script.write(key, partition, TYPE, SimPlan.working(SimScript.SECOND * 4 / 5));
        }
        for (int i = 0; i < PROBES; i++) {
            world.after(random.nextLong(5 * SimScript.SECOND), this::probe);
        }
        world.after(5 * SimScript.SECOND, () -> written = true);
    }

    private void probe() {
        boolean fills = keyed && world.setup.isOrdered();
        world.script.write(key("calm" + random.nextInt(100)), partition, "other", SimPlan.calm()).isProbe = !fills;
    }

    /** One that belongs into the partition. */
    private String key(String name) {
        String key = name;
        while (world.setup.partitionOf(SimSetup.bytes(key), random) != partition) {
            key += "'";
        }
        return key;
    }

    boolean isWritten() {
        return written;
    }
}
