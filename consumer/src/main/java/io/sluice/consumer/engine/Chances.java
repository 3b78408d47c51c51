package io.sluice.consumer.engine;

/** How many of the records that came last of one topic's partition could have run at once. Loop thread only. */
final class Chances {
    /** From then on older ones count half. */
    private static final int RECENT = 1_024;

    private int came;
    private int could;
    private long next;

    /** @param offset the record's own */
    void count(boolean couldRun, long offset) {
        next = offset + 1;
        came++;
        could += couldRun ? 1 : 0;
        if (came == RECENT) {
            came >>= 1;
            could >>= 1;
        }
    }

    /** Where the records begin that have not come, if one has. */
    long next() {
        return next;
    }

    /** From 0 to 1; 1 while nothing has come, for then all may. */
    double share() {
        return came == 0 ? 1 : (double) could / came;
    }
}
