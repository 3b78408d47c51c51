package io.sluice.consumer.engine;

/**
 * How many bytes an {@link OffsetMap} takes at most. One at a time from the lowest offset up, relative to the committed
 * one: a run of three and more takes as little as two single ones, whatever its length.
 */
final class MapSize {
    /** From this length on a run is written as one. */
    static final int SHORTEST_RUN = 3;

    static final int LONGEST_HEAD = 1 + 10 + 5;

    /** Of the portable format: a cookie and the number of containers. */
    private static final int BITMAP_HEAD = 8;

    private static final int BYTES_A_RECORD = 2;
    private static final int BYTES_A_CONTAINER = 8;
    private static final int BYTES_A_RUN = 4;

    /** It says, too, that it holds runs, and how many. */
    private static final int BYTES_A_RUN_CONTAINER = BYTES_A_CONTAINER + 3;

    private int bytes;
    private long container;
    private long runContainer;

    MapSize() {
        clear();
    }

    /** Begins again: nothing is unsettled. */
    void clear() {
        bytes = LONGEST_HEAD + BITMAP_HEAD;
        container = -1;
        runContainer = -1;
    }

    /**
     * Adds unsettled offsets.
     *
     * @param from above all that was added before
     * @param to exclusive
     */
    void add(long from, long to) {
        if (to - from >= SHORTEST_RUN) {
            addRun(from >>> 16, (to - 1) >>> 16);
        } else {
            for (long offset = from; offset < to; offset++) {
                bytes += BYTES_A_RECORD + (offset >>> 16 == container ? 0 : BYTES_A_CONTAINER);
                container = offset >>> 16;
            }
        }
    }

    private void addRun(long first, long last) {
        bytes += runContainer == -1 ? BITMAP_HEAD : 0;
        bytes += (int) (last - first + 1) * BYTES_A_RUN;
        bytes += (int) (last - Math.max(first - 1, runContainer)) * BYTES_A_RUN_CONTAINER;
        runContainer = last;
    }

    int bytes() {
        return bytes;
    }

    /** How many bytes so many more records add at most, read one behind the other. */
    static int ofMore(int records) {
        return BYTES_A_RECORD * records + 2 * BYTES_A_CONTAINER;
    }
}
