package io.sluice.consumer.engine;

import org.jspecify.annotations.Nullable;

/** Plays histories. Also called by reflection, on another copy of all these classes. */
final class Simulator {
    private Simulator() {}

    /** Plays one; null if every promise was kept, else the promise and how it broke. */
    static @Nullable String play(long seed) {
        Witness witness = new SimWorld(seed, false).play();
        return witness.isBroken() ? witness.promise() + ": " + witness.explanation() : null;
    }

    /** All that happens in one. */
    static String trace(long seed) {
        SimWorld world = new SimWorld(seed, true);
        world.play();
        return world.trace.toString();
    }
}
