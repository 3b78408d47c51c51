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
            long since = isForACommit() ? world.witness.commits.tear() : 0;
            try {
                world.stepOthers(world.random.nextInt(30));
            } finally {
                if (since != 0) {
                    world.witness.commits.tornSince(since);
                }
                WORLD.set(world);
            }
        }
    }

    /** Only what is torn while a commit is made may be missing in it. */
    private static boolean isForACommit() {
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.limit(6).anyMatch(frame -> frame.getMethodName().equals("committable")));
    }
}
