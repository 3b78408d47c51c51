package io.sluice.consumer.engine;

import io.sluice.management.Check;
import java.time.Duration;
import java.util.List;

/**
 * Whether a consumer should be replaced, and whether it can do its work. Looks once a second, on the loop; the questions may
 * be asked on any thread and wait for none, so that they have an answer also while the loop or the poll thread hangs.
 */
public final class Health {
    private static final Duration APART = Duration.ofSeconds(1);

    /** Longer than a pause of the garbage collector, and than what slow code of a handler may do to the loop for once. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    /** A member without partitions hears from its coordinator every five seconds, by default. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    private final Dispatcher dispatcher;
    private final PollLoop pollLoop;
    private final Source source;
    private final Fence fence;
    private final Loop loop;
    private final Bounds bounds;
    private volatile Seen seen;
    private volatile boolean leaving;

    /** What the last look has found, and since when it has been so. */
    private record Seen(long nanos, int stuck, long answers, long answeredNanos, Writes writes) {}

    private record Writes(long acknowledged, long movedNanos, long refusedNanos) {}

    /**
     * How long the poll thread may be busy.
     *
     * @param turn in one turn, or in what is left of it after a handover
     * @param handover in a turn that gives partitions back: then the group takes them away
     */
    public record Bounds(Duration turn, Duration handover) {
        private static final Duration SHORTEST_TURN = Duration.ofMinutes(2);

        /**
         * By how long the client waits.
         *
         * @param call how long one of its calls may block while the broker is away; a turn may make two
         * @param pollInterval how long the group waits for the next poll
         */
        public static Bounds of(Duration call, Duration pollInterval) {
            Duration turn = longer(SHORTEST_TURN, call.multipliedBy(2));
            return new Bounds(turn, longer(turn, pollInterval));
        }

        private static Duration longer(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? other : one;
        }
    }

    public Health(Dispatcher dispatcher, PollLoop pollLoop, Source source, Fence fence, Loop loop, Bounds bounds) {
        this.dispatcher = dispatcher;
        this.pollLoop = pollLoop;
        this.source = source;
        this.fence = fence;
        this.loop = loop;
        this.bounds = bounds;
        long now = loop.nanoTime();
        this.seen = new Seen(now, 0, 0, now, new Writes(0, now, now));
    }

    /** Looks every second, from now on. Loop thread. */
    public void start() {
        look();
        loop.after(APART, this::start);
    }

    /** It drains, and does not come back. Any thread. */
    public void leaves() {
        leaving = true;
    }

    private void look() {
        Seen before = seen;
        long now = loop.nanoTime();
        long answers = source.answers();
        long acknowledged = dispatcher.acknowledged();
        boolean moved = dispatcher.settling() == 0 || acknowledged != before.writes.acknowledged;
        seen = new Seen(
                now,
                dispatcher.stuck(),
                answers,
                answers == before.answers ? before.answeredNanos : now,
                new Writes(
                        acknowledged,
                        moved ? now : before.writes.movedNanos,
                        dispatcher.refused() == 0 ? now : before.writes.refusedNanos));
    }

    /** Whether it is to be replaced by a new process if it stays so. Any thread. */
    public List<Check> live() {
        return List.of(pollThread(), eventLoop(), stuck());
    }

    /** Whether it can take tasks and run them. Any thread. */
    public List<Check> ready() {
        return List.of(broker(), group(), sink());
    }

    private Check pollThread() {
        PollSigns signs = pollLoop.signs();
        // In this order: a handover that ends meanwhile has begun the measurement anew.
        boolean handingOver = signs.isHandingOver();
        Duration turn = Duration.ofNanos(signs.turnTakesNanos());
        Duration most = handingOver ? bounds.handover : bounds.turn;
        String since = signs.hasHandedOver() && !handingOver ? "it gave partitions back " : "its turn began ";
        return new Check(
                "poll-thread",
                turn.compareTo(most) <= 0,
                since + words(turn) + " ago" + (handingOver ? ", to give partitions back" : "") + "; " + words(most)
                        + " are allowed");
    }

    private Check eventLoop() {
        Duration age = since(seen.nanos);
        return new Check(
                "event-loop",
                age.compareTo(LONGEST_PAUSE) <= 0,
                "it turned " + words(age) + " ago; " + words(LONGEST_PAUSE) + " are allowed");
    }

    private Check stuck() {
        int most = dispatcher.maxStuck();
        return new Check(
                "stuck",
                seen.stuck <= most,
                seen.stuck + " attempts ignore their cancellation and keep their permits; " + most + " are allowed");
    }

    private Check broker() {
        Seen last = seen;
        Duration silence = source.answers() == last.answers ? since(last.answeredNanos) : Duration.ZERO;
        return new Check(
                "broker",
                last.answers > 0 && silence.compareTo(LONGEST_SILENCE) <= 0,
                last.answers == 0
                        ? "it has not answered yet"
                        : "it last answered " + words(silence) + " ago; " + words(LONGEST_SILENCE) + " are allowed");
    }

    private Check group() {
        int partitions = pollLoop.status().partitions();
        boolean member = pollLoop.signs().isMember();
        String reason;
        if (leaving) {
            reason = "it drains and leaves the group, with " + partitions + " partitions";
        } else if (!member) {
            reason = "it has not joined the group yet";
        } else if (partitions > 0 && !fence.isOpen()) {
            reason = "it starts nothing, since for too long no commit has shown that its " + partitions
                    + " partitions are still its own";
        } else {
            reason = "it is a member with " + partitions + " partitions";
        }
        return new Check("group", !leaving && member && (partitions == 0 || fence.isOpen()), reason);
    }

    private Check sink() {
        Seen last = seen;
        int settling = dispatcher.settling();
        int refused = dispatcher.refused();
        Duration still = settling == 0 || dispatcher.acknowledged() != last.writes.acknowledged
                ? Duration.ZERO
                : since(last.writes.movedNanos);
        Duration refusing = refused == 0 ? Duration.ZERO : since(last.writes.refusedNanos);
        boolean room = dispatcher.hasRoom();
        return new Check(
                "sink",
                room && still.compareTo(LONGEST_WRITE) <= 0 && refusing.compareTo(LONGEST_WRITE) <= 0,
                settling + " tasks wait for their records to be acknowledged"
                        + (room ? "" : ", which is as many as there is room for") + ", none was for " + words(still)
                        + "; " + refused + " records are refused, for " + words(refusing) + "; " + words(LONGEST_WRITE)
                        + " are allowed");
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(loop.nanoTime() - nanos);
    }

    private static String words(Duration duration) {
        return duration.toSeconds() + " s";
    }
}
