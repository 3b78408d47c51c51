package io.sluice.consumer.engine;

import java.util.ArrayList;
import java.util.List;

/** Mistakes that a core of this kind can make, or that others have made, each with the promise that it breaks. */
enum BrokenCore {
    COMMIT_PAST_A_GAP(
            "P1",
            new CorePatch(
                    "OffsetTracker",
                    "committable = size == 0 ? commit(position, epoch) : commit(offset(open[0]), epoch(open[0]));",
                    "committable = new OffsetAndMetadata(position, epoch, \"\");")),
    MAP_READ_UPWARDS(
            "P4",
            new CorePatch(
                    "OffsetTracker", "        int kept = size;\n        for (int i = size - 1; i >= 0; i--) {", """
                            boolean[] settled = new boolean[size];
                            for (int i = 0; i < settled.length; i++) {
                                settled[i] = open[i].end() == Task.End.SETTLED;
                            }
                            int kept = size;
                            for (int i = size - 1; i >= 0; i--) {
                    """),
            new CorePatch("OffsetTracker", "if (task.end() == Task.End.SETTLED) {", "if (settled[i]) {")),
    BASE_READ_AGAIN_AFTER_THE_MAP(
            "P1",
            new CorePatch(
                    "OffsetTracker", "        return new OffsetAndMetadata(base, itsEpoch, map.metadata());", """
                            look();
                            long again = size == 0 ? position : open[0].record.offset();
                            for (int i = 0; i < offsets.length; i++) {
                                offsets[i] += again - base;
                            }
                            long end = Math.max(position, inherited.end()) + again - base;
                            OffsetMap late = OffsetMap.of(again, offsets, offsets.length, end);
                            return new OffsetAndMetadata(again, itsEpoch, late.metadata());
                    """)),
    MAP_REACHES_PAST_THE_POSITION(
            "P1",
            new CorePatch(
                    "OffsetTracker",
                    "offsets.length, Math.max(position, inherited.end()));",
                    "offsets.length, Math.max(position, inherited.end()) + 1);")),
    INHERITED_MAP_IGNORED(
            "P2", new CorePatch("OffsetTracker", "return inherited.isSettled(offset);", "return false && offset > 0;")),
    LATE_COMMIT_OF_A_PARTITION_GIVEN_BACK(
            "P2",
            new CorePatch("Handover", "commits.now(leaving, false, COMMIT_AT_MOST);", "commits.late.addAll(leaving);"),
            new CorePatch("Commits", "    void send(Collection<OwnedPartition> owned) {\n", """
                        final java.util.List<OwnedPartition> late = new java.util.ArrayList<>();

                        void send(Collection<OwnedPartition> owned) {
                            now(late, false, Duration.ofSeconds(5));
                            late.clear();
                    """)),
    PERMIT_RELEASED_AT_TIMEOUT(
            "P3",
            new CorePatch(
                    "Attempts",
                    "        attempt.cancel(why);\n",
                    "        attempt.cancel(why);\n        attempt.permit.release();\n")),
    KEY_COUNTED_PER_LIFE_OF_ITS_PARTITION(
            "P3",
            new CorePatch("LaneKey", "    int inFlight;\n", "    int inFlight;\n    Object life = this;\n"),
            new CorePatch(
                    "LaneKey",
                    "Arrays.equals(bytes, key.bytes);",
                    "Arrays.equals(bytes, key.bytes) && life == key.life;"),
            new CorePatch("Lanes", "keys.remember(own)", "keys.remember(ofLife(own, task))"),
            new CorePatch("Lanes", "    private Lane laneOf(Task task) {", """
                        private static LaneKey ofLife(LaneKey key, Task task) {
                            key.life = task.partition;
                            return key;
                        }

                        private Lane laneOf(Task task) {""")),
    COUNTS_DROPPED_AT_REVOCATION(
            "P3",
            new CorePatch(
                    "Dispatcher",
                    "            done.complete(null);\n",
                    "            lanes.forgetKeys();\n            done.complete(null);\n"),
            new CorePatch("Lanes", "    private Lane laneOf(Task task) {", """
                        void forgetKeys() {
                            keys.all().forEach(keys::forget);
                        }

                        private Lane laneOf(Task task) {""")),
    LIMIT_OF_THE_TYPE_IGNORED(
            "P3", new CorePatch("TaskType", "&& inFlight < settings.maxInFlight();", "&& inFlight >= 0;")),
    REVOCATION_DOES_NOT_WAIT_FOR_CALLS(
            "P3",
            new CorePatch(
                    "Handover",
                    "(dropped.isDone() && leaving.stream().allMatch(OwnedPartition::isQuiet))",
                    "dropped.isDone()")),
    TWIN_MISSING(
            "P3",
            new CorePatch("Ownership", "boolean all = ids.size() == reading.topics().size();", "boolean all = true;"),
            new CorePatch(
                    "Ownership",
                    "                throw new IllegalStateException(\"no offset was looked up for \" + id);",
                    "                continue;")),
    FENCE_ALWAYS_OPEN(
            "P3",
            new CorePatch(
                    "Fence", "return now - provenNanos < afterNanos;", "return afterNanos > 0 || now == provenNanos;")),
    DEAD_LETTER_NOT_AWAITED("P1", new CorePatch("Settler", "            new Write(this, owed.get(0)).send();\n", """
                                    if (owed.size() == 2 && Shrink.canShrink(owed.get(0))) {
                                        sink.send(owed.get(0), failure -> {});
                                        unacknowledged.set(1);
                                        new Write(this, owed.get(1)).send();
                                    } else {
                                        new Write(this, owed.get(0)).send();
                                    }
                    """)),
    FAILED_WRITE_SETTLES(
            "P1",
            new CorePatch(
                    "Settler",
                    "                if (failure == null) {\n                    settlement.acknowledged();",
                    "                if (failure == null || record != null) {\n                    settlement.acknowledged();")),
    MOVE_NOT_AWAITED("P1", new CorePatch("Settler", "        if (owed.isEmpty()) {\n", """
                            if (owed.size() == 1 && owed.get(0).partition() != null) {
                                sink.send(owed.get(0), failure -> {});
                                task.settled();
                                left.put(task);
                                return false;
                            } else if (owed.isEmpty()) {
                    """)),
    SUCCESSOR_BEFORE_ITS_PREDECESSOR_IS_SETTLED(
            "P4",
            new CorePatch(
                    "Departures",
                    "        task.state = TaskState.SETTLING;\n",
                    "        task.state = TaskState.SETTLING;\n        listener.left(task);\n")),
    RETRY_LOSES_ITS_PLACE(
            "P4",
            new CorePatch(
                    "Lanes", "if (limits.maxInFlightPerKey() == 1 && lane.key != null) {", "if (lane == null) {")),
    OVERFLOW_WITH_LIMIT_1(
            "P4", new CorePatch("Shares", "if (!lanes.isOrdered(task) && !task.record", "if (!task.record")),
    ORDERED_TASK_MOVES(
            "P4",
            new CorePatch(
                    "Waits",
                    "        } else if (task.headSince != null) {",
                    "        } else if (orderedWaitMax.isNegative()) {")),
    LATE_RESULT_COUNTS(
            "P1",
            new CorePatch(
                    "Verdicts",
                    "} else if (attempt.cancel == Attempt.Cancel.TIMEOUT) {",
                    "} else if (attempt.cancel == Attempt.Cancel.TIMEOUT && outcome.failed()) {")),
    COPY_OF_A_MOVED_TASK_IS_NONE("P1", new CorePatch("Departures", "        task.partition.copies.moves(task);\n", "")),
    MOVED_TASK_HAS_ENDED("P1", new CorePatch("Departures", "if (task.exit.isLast()) {", "if (task.exit != null) {")),
    UNDECODABLE_IS_SKIPPED(
            "P1",
            new CorePatch("Arrivals", "departures.giveUp(task, \"undecodable\", fault);", "departures.ignore(task);")),
    DUE_TIME_IGNORED(
            "due",
            new CorePatch(
                    "Starter",
                    "task.due != null && loop.now().isBefore(task.due)",
                    "task.due != null && loop == null")),
    NO_OVERFLOW(
            "P5",
            new CorePatch(
                    "Shares", "return partition.sharing > nearlyFull ? least : most;", "return Integer.MAX_VALUE;")),
    PAUSED_TYPE_STARTS(
            "P5",
            new CorePatch("Dispatcher", "types.pause(paused, lanes::add);", "types.pause(Set.of(), lanes::add);")),
    PERMIT_NEVER_RETURNED("liveness", new CorePatch("Attempts", "        attempt.permit.release();\n", "")),
    REST_OF_THE_KEY_NEVER_ENDS("liveness", new CorePatch("KeyRests", "afterwards.run();", ";"));

    /** Each read of a settled flag is a moment in which the other threads may go on. */
    static final CorePatch TORN_READS =
            new CorePatch("Task", "        return end;\n", "        SimTorn.look();\n        return end;\n");

    final String promise;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that is
    private final List<CorePatch> patches;

    BrokenCore(String promise, CorePatch... patches) {
        this.promise = promise;
        this.patches = List.of(patches);
    }

    List<CorePatch> patches() {
        List<CorePatch> all = new ArrayList<>(patches);
        all.add(TORN_READS);
        return all;
    }
}
