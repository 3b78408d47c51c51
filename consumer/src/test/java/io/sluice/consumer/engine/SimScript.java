package io.sluice.consumer.engine;

import io.sluice.record.HeaderNames;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What befalls a history: tasks, faults, and then a quiet end in which everything has to come to rest. */
final class SimScript {
    static final long SECOND = 1_000_000_000L;
    static final long SESSION = 45 * SECOND;
    static final int MOST_STEPS = 300_000;

    /** How long a task of a calm key may have to wait behind a flood. */
    static final long PATIENCE = 60 * SECOND;

    private static final long LONGEST_END = 2_400 * SECOND;

    private final SimWorld world;
    private final SplittableRandom random;
    private int consumers;
    private int unwritten;
    private long calmSince = SimTimers.NEVER;
    private int looks;
    private @Nullable SimFlood flood;

    SimScript(SimWorld world) {
        this.world = world;
        this.random = world.random.split();
    }

    void begin() {
        long span = (1 + random.nextInt(20)) * SECOND;
        for (int i = 0; i < world.setup.consumers; i++) {
            world.after(random.nextInt(4) * random.nextLong(SECOND), this::join);
        }
        unwritten = world.setup.tasks;
        for (int i = 0; i < world.setup.tasks; i++) {
            world.after(random.nextBoolean() ? random.nextLong(span) : random.nextLong(SECOND), this::write);
        }
        int faults = random.nextInt(7);
        for (int i = 0; i < faults; i++) {
            world.after(random.nextLong(span + 10 * SECOND), this::fault);
        }
        flood = random.nextInt(60) == 0 ? new SimFlood(world, random) : null;
        // Long enough for a session to end, now and then.
        long rest = random.nextInt(4) == 0 ? 110 * SECOND : 10 * SECOND;
        world.after(span + rest + random.nextLong(5 * SECOND), this::calm);
    }

    private void join() {
        if (world.consumers.size() < 4) {
            SimConsumer consumer = new SimConsumer(world, consumers++);
            world.trace.say("%s starts", consumer);
            world.consumers.add(consumer);
            consumer.start();
            consumer.pause(world.paused());
        }
    }

    private void write() {
        unwritten--;
        SimPlan plan = SimPlan.draw(random, world.setup);
        String key = world.setup.key(random);
        // Some producers have another partitioner.
        Integer partition = random.nextInt(25) == 0 ? random.nextInt(world.setup.partitions) : null;
        write(key, partition, world.setup.typeName(random), plan);
    }

    SimTask write(@Nullable String key, @Nullable Integer partition, String type, SimPlan plan) {
        WitnessRecords records = world.witness.records;
        // What nobody can read, or knows, is answered as the unknown types are.
        String answeredAs = plan.kind() == SimPlan.Kind.GOOD ? type : TestSettings.TYPE;
        SimTask task = records.add(new SimTask(
                records.tasks().size(),
                key,
                type,
                world.setup.type(answeredAs).answers().results(),
                plan,
                null,
                world.nanos()));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                TestSettings.TOPIC, null, null, SimSetup.bytes(key), SimSetup.bytes("{}"), new RecordHeaders());
        Headers headers = record.headers();
        if (random.nextBoolean()) {
            put(headers, HeaderNames.ID, "t" + task.number);
        }
        put(headers, HeaderNames.TYPE, plan.kind() == SimPlan.Kind.UNKNOWN_TYPE ? "nobody's" : type);
        put(headers, HeaderNames.SPEC_VERSION, plan.kind() == SimPlan.Kind.UNDECODABLE ? "0.3" : "1.0");
        if (plan.dueIn() > 0) {
            put(
                    headers,
                    HeaderNames.NOT_BEFORE,
                    world.now().plusNanos(plan.dueIn()).toString());
        }
        if (plan.expiresIn() > 0) {
            put(
                    headers,
                    HeaderNames.EXPIRY_TIME,
                    world.now().plusNanos(plan.expiresIn()).toString());
        }
        SimRecord written = world.broker.append(record, task, 0);
        records.named(task);
        world.trace.say("%s is written: key %s, type %s, %s, %s", task, key, type, written, plan);
        return task;
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, SimSetup.bytes(value));
    }

    private void fault() {
        int dice = random.nextInt(11);
        if (dice == 10) {
            world.pause(Set.of(world.setup.typeName(random)));
            world.after(random.nextLong(20 * SECOND), () -> world.pause(Set.of()));
        } else if (dice < 2) {
            world.broker.group.rebalance();
            if (random.nextBoolean()) {
                world.after(random.nextLong(2 * SECOND), world.broker.group::rebalance);
            }
        } else if (dice == 2) {
            world.away(true);
            world.after(random.nextLong(20 * SECOND), () -> world.away(false));
        } else if (dice == 3) {
            world.refuseCommits(true);
            world.after(random.nextLong(20 * SECOND), () -> world.refuseCommits(false));
        } else if (dice == 4) {
            join();
        } else if (!world.consumers.isEmpty()) {
            befall(world.consumers.get(random.nextInt(world.consumers.size())), dice);
        }
    }

    private void befall(SimConsumer consumer, int dice) {
        switch (dice) {
            case 5, 6 -> crash(consumer);
            case 7 -> {
                world.trace.say("%s is asked to stop", consumer);
                consumer.drain();
                world.after(random.nextLong(20 * SECOND), this::join);
            }
            case 8 -> {
                long pause = random.nextLong(100 * SECOND);
                world.trace.say("%s is frozen", consumer);
                consumer.freeze(world.nanos() + pause);
                if (pause > SESSION) {
                    world.after(SESSION, () -> expire(consumer));
                }
            }
            default -> cutOff(consumer);
        }
    }

    private void crash(SimConsumer consumer) {
        world.trace.say("%s crashes", consumer);
        SimMember member = consumer.source.member();
        world.gone(consumer);
        if (member != null) {
            world.after(random.nextLong(SESSION), () -> world.broker.group.remove(member));
        }
        world.after(random.nextLong(15 * SECOND), this::join);
    }

    private void cutOff(SimConsumer consumer) {
        long pause = random.nextLong(100 * SECOND);
        world.trace.say("%s is cut off", consumer);
        consumer.cutOff(true);
        if (pause > SESSION) {
            world.after(SESSION, () -> expire(consumer));
        }
        world.after(pause, () -> consumer.cutOff(false));
    }

    private void expire(SimConsumer consumer) {
        SimMember member = consumer.source.member();
        if (!world.isCalm() && member != null) {
            world.trace.say("the session of %s is over", consumer);
            world.broker.group.remove(member);
        }
    }

    /** Faults are over; who is away comes back. */
    private void calm() {
        world.trace.say("calm");
        world.calm();
        world.pause(Set.of());
        if (flood != null) {
            // When the last session is over, too.
            world.after(SESSION + 3 * SECOND, flood::begin);
        }
        calmSince = world.nanos();
        world.consumers.forEach(SimConsumer::recover);
        if (world.consumers.stream().allMatch(SimConsumer::isStopping)) {
            join();
        }
    }

    /** Whether everything has come to rest. */
    boolean isOver() {
        if (calmSince == SimTimers.NEVER || ++looks % 32 > 0) {
            return false;
        }
        if (unwritten == 0
                && (flood == null || flood.isWritten())
                && world.witness.runs.isQuiet()
                && world.broker.hasNoLag()) {
            return true;
        }
        if (world.nanos() - calmSince > LONGEST_END) {
            world.witness.broken("liveness", "not at rest yet:" + world.broker.lag());
        }
        return false;
    }
}
