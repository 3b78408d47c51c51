package io.sluice.standalone.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.kafka.KafkaClients;
import io.sluice.record.NewTask;
import io.sluice.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Keeps some hundred tasks ahead of the consumers: over 200 keys, the most frequent of which has a sixth of them (Zipf).
 * Every twentieth task fails once, every hundredth for good. It has a thread of its own; the methods are for the test's.
 */
final class Feed {
    private static final int KEYS = 200;
    private static final int AHEAD = 600;

    /** More attempts than a task has. */
    private static final int ALWAYS = 99;

    private final Settings settings;
    private final Witness witness;
    private final Random random;
    private final String name;
    private final double[] shares = new double[KEYS];
    private final Set<String> tasks = new HashSet<>();
    private final Set<String> hopeless = new HashSet<>();
    private final int before;
    private final int atLeast;
    private volatile boolean enough;
    private volatile boolean abandoned;
    private volatile String failure = "";
    private final Thread thread;

    private Feed(String name, int atLeast, Settings settings, Witness witness, long seed) {
        this.settings = settings;
        this.witness = witness;
        this.random = new Random(seed);
        this.name = name;
        this.atLeast = atLeast;
        this.before = witness.tasksThatRan();
        double sum = 0;
        for (int key = 0; key < KEYS; key++) {
            sum += 1.0 / (key + 1);
            shares[key] = sum;
        }
        this.thread = new Thread(this::run, "feed-" + name);
    }

    /** @param atLeast how many it sends, and as many more as it takes until {@link #finish} */
    static Feed start(String name, int atLeast, Settings settings, Witness witness, long seed) {
        Feed feed = new Feed(name, atLeast, settings, witness, seed);
        feed.thread.start();
        return feed;
    }

    /** Sends what is still to be sent, waits until the broker has all, and returns the ids. */
    Set<String> finish() throws InterruptedException {
        enough = true;
        thread.join();
        if (!failure.isEmpty()) {
            throw new IllegalStateException(failure);
        }
        return tasks;
    }

    /** Sends nothing more. */
    void abandon() {
        abandoned = true;
    }

    /** Those that cannot succeed. After the end. */
    Set<String> hopeless() {
        return hopeless;
    }

    private void run() {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer = KafkaClients.producer(settings.kafka(), "feed")) {
            while (!abandoned && (!enough || tasks.size() < atLeast)) {
                if (tasks.size() - (witness.tasksThatRan() - before) < AHEAD) {
                    sent.add(producer.send(task().toRecord(settings.topic(), "/chaos", null)));
                } else {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            for (Future<RecordMetadata> acknowledgement : sent) {
                RecordMetadata unused = acknowledgement.get();
            }
        } catch (ExecutionException e) {
            failure = "a task was not taken by the broker: " + e.getMessage();
        } catch (InterruptedException e) {
            failure = "interrupted";
        }
    }

    private NewTask task() {
        String id = name + "-" + tasks.size();
        int failures = tasks.size() % 100 == 0 ? ALWAYS : tasks.size() % 20 == 10 ? 1 : 0;
        tasks.add(id);
        if (failures == ALWAYS) {
            hopeless.add(id);
        }
        String work = "{\"millis\":" + (5 + random.nextInt(120)) + ",\"failures\":" + failures + "}";
        return NewTask.of(id, WitnessedHandler.TYPE, "key-" + key(), work.getBytes(UTF_8));
    }

    private int key() {
        double at = random.nextDouble() * shares[KEYS - 1];
        int key = 0;
        while (shares[key] < at) {
            key++;
        }
        return key;
    }
}
