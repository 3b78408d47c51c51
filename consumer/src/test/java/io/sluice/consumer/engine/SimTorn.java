package io.sluice.consumer.engine;

import org.jspecify.annotations.Nullable;

/**
 * The moments between two reads of settled flags, in which other threads go on. The engine does not call this; a copy of
 * it in {@link BrokenCore} does, each time a flag is read.
 */
final class SimTorn {
    private static final ThreadLocal<@Nullable SimWorld> WORLD = new ThreadLocal<>();

    private SimTorn() {}

    static void in(@Nullable SimWorld world) {
        WORLD.set(world);
    }

    /** A flag is about to be read: now and then the others take a few steps first. */
    static void look() {
        SimWorld world = WORLD.get();
        if (world != null && world.random.nextInt(8) == 0) {
            WORLD.remove();
            try {
                world.witness.commits.readingIsTorn();
                world.stepOthers(world.random.nextInt(30));
            } finally {
                WORLD.set(world);
            }
        }
    }
}
