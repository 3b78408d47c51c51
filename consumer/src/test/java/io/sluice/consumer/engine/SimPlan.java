package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a task is going to do: fail so and so often, in ways of its own, and then end for good.
 *
 * @param kind what record it is
 * @param failing what its first calls do
 * @param last what all further calls do
 * @param output what its successful call makes
 * @param dueIn nanoseconds from its writing to its due time; 0 for none
 * @param expiresIn nanoseconds from its writing to its expiry; 0 for never
 */
record SimPlan(Kind kind, List<Act> failing, Act last, Output output, long dueIn, long expiresIn) {
    enum Kind {
        GOOD,
        UNDECODABLE,
        UNKNOWN_TYPE
    }

    /**
     * What a task makes.
     *
     * @param children how many follow-up tasks
     * @param isLarge whether the result is larger than its topic takes
     * @param hasLargeChild whether one of the follow-up tasks is
     */
    record Output(int children, boolean isLarge, boolean hasLargeChild) {
        static final Output PLAIN = new Output(0, false, false);

        static Output draw(SplittableRandom random) {
            int children = random.nextInt(6) == 0 ? 1 + random.nextInt(2) : 0;
            return new Output(children, random.nextInt(30) == 0, children > 0 && random.nextInt(8) == 0);
        }
    }

    /** How a call of the body goes. */
    enum How {
        /** Ends well at once. */
        DONE,
        /** Ends well after a while; stops if it is told to. */
        WORKS,
        /** Ends well after a while, whatever it is told. */
        DEAF,
        /** Throws. */
        THROWS,
        /** Fails after a while. */
        FAILS,
        /** Returns no future. */
        NULL_FUTURE,
        /** Says that trying again cannot help. */
        PERMANENT,
        /** Asks to be called later. */
        LATER,
        /** Ends well, with a result that cannot be written. */
        UNWRITABLE,
        /** Runs until it is told to stop. */
        HANGS,
        /** Runs for far longer than its timeout and does not listen. */
        STUCK,
        /** Ends well on a worker thread. */
        BLOCKING,
        /** Fails on a worker thread. */
        BLOCKING_FAILS,
        /** Ends well on the loop, behind a call on a worker thread. */
        MIXED;

        /** Whether it ends well if it is left alone. */
        boolean succeeds() {
            return this == DONE || this == WORKS || this == DEAF || this == BLOCKING || this == MIXED;
        }
    }

    /** One call. */
    record Act(How how, long nanos) {}

    private static final How[] FAILING = {
        How.THROWS,
        How.FAILS,
        How.FAILS,
        How.FAILS,
        How.NULL_FUTURE,
        How.LATER,
        How.LATER,
        How.HANGS,
        How.HANGS,
        How.STUCK,
        How.BLOCKING_FAILS,
        How.DEAF
    };

    private static final How[] LAST = {
        How.DONE,
        How.DONE,
        How.DONE,
        How.WORKS,
        How.WORKS,
        How.WORKS,
        How.WORKS,
        How.DEAF,
        How.BLOCKING,
        How.MIXED,
        How.PERMANENT,
        How.FAILS
    };

    /** Whether its due time lies beyond the end of every history. */
    boolean isFar() {
        return dueIn > 10_000 * SimScript.SECOND;
    }

    /** What the call with that number does, from 0. */
    Act act(int call) {
        return call < failing.size() ? failing.get(call) : last;
    }

    /** A task that ends well at once. */
    static SimPlan calm() {
        return new SimPlan(Kind.GOOD, List.of(), new Act(How.DONE, 0), Output.PLAIN, 0, 0);
    }

    /** A task that ends well after that time. */
    static SimPlan working(long nanos) {
        return new SimPlan(Kind.GOOD, List.of(), new Act(How.WORKS, nanos), Output.PLAIN, 0, 0);
    }

    static SimPlan draw(SplittableRandom random, SimSetup setup) {
        int dice = random.nextInt(100);
        Kind kind = dice < 3 ? Kind.UNDECODABLE : dice < 5 ? Kind.UNKNOWN_TYPE : Kind.GOOD;
        long dueIn = random.nextInt(12) == 0 ? setup.dueIn(random) : 0;
        long expiresIn = random.nextInt(20) == 0 ? (long) (random.nextDouble() * 10e9) + 1 : 0;
        return new SimPlan(kind, failing(random), last(random), Output.draw(random), dueIn, expiresIn);
    }

    /** What a follow-up task does. */
    static SimPlan drawChild(SplittableRandom random) {
        return new SimPlan(Kind.GOOD, failing(random), last(random), Output.PLAIN, 0, 0);
    }

    private static List<Act> failing(SplittableRandom random) {
        List<Act> failing = new ArrayList<>(2);
        while (random.nextInt(3) == 0) {
            failing.add(act(random, FAILING[random.nextInt(FAILING.length)]));
        }
        return failing;
    }

    private static Act last(SplittableRandom random) {
        return act(random, LAST[random.nextInt(LAST.length)]);
    }

    private static Act act(SplittableRandom random, How how) {
        long millis = switch (how) {
            case STUCK -> 7_500 + random.nextInt(20_000);
            case DEAF -> random.nextInt(8_000);
            case LATER -> random.nextInt(8) == 0 ? 10_000 + random.nextInt(30_000) : 1 + random.nextInt(3_000);
            default -> random.nextInt(3) == 0 ? random.nextInt(2_000) : random.nextInt(100);
        };
        return new Act(how, millis * 1_000_000);
    }
}
