package io.sluice.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.record.HeaderNames;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the producer in the middle of a batch: what was answered is there, what is there is whole and there
 * once, and the same batch again, at another producer, brings in the rest. {@code -Dchaos.seed=…} chooses the moments.
 */
@Tag("chaos")
@Timeout(300)
class ProducerKillTest {
    private static final int TASKS = 100_000;
    private static final int ROUNDS = 3;

    /** How far the client is ahead of the answer after which the producer is killed: so there is always a rest. */
    private static final int AHEAD = 20_000;

    @Test
    void whatWasAnsweredBeforeAKillIsThereAndTheSameBatchAgainCompletesIt(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("chaos.seed", new Random().nextLong());
        System.out.println("producer kill: -Dchaos.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 1; round <= ROUNDS; round++) {
            killAndRepeat(folder, "round" + round, 1 + random.nextInt(TASKS - AHEAD));
        }
    }

    private static void killAndRepeat(Path folder, String key, int killAfter) throws Exception {
        try (TestPipeline pipeline = TestPipeline.open(Map.of());
                ProducerProcess victim = ProducerProcess.start(folder, pipeline.settings(), Map.of());
                ProducerProcess other = ProducerProcess.start(folder, pipeline.settings(), Map.of())) {
            Set<String> answered = answeredBeforeTheKill(victim, key, killAfter);
            Map<String, Integer> left = timesWritten(pipeline, key);
            System.out.printf("%s: killed after %,d answers, %,d tasks were written%n", key, killAfter, left.size());
            assertThat(answered).hasSizeGreaterThanOrEqualTo(killAfter).hasSizeLessThan(TASKS);
            assertThat(answered).as("answered, and not in the topic").allMatch(left::containsKey);
            assertThat(left.values()).as("how often each was written").allMatch(times -> times == 1);

            try (BatchRequest again = BatchRequest.start(other.port(), key, TASKS, ProducerKillTest::line)) {
                answered = new HashSet<>();
                for (JsonObject answer = again.next(); answer != null; answer = again.next()) {
                    answered.add(taken(answer));
                }
            }
            Map<String, Integer> all = timesWritten(pipeline, key);
            assertThat(answered).hasSize(TASKS).allMatch(all::containsKey);
            assertThat(all).as("each task once at least, and nothing else").hasSize(TASKS);
            assertThat(all.values()).as("how often each was written").allMatch(times -> times <= 2);
        }
    }

    private static Set<String> answeredBeforeTheKill(ProducerProcess victim, String key, int killAfter)
            throws Exception {
        Set<String> answered = new HashSet<>();
        CountDownLatch killed = new CountDownLatch(1);
        try (BatchRequest batch = BatchRequest.start(victim.port(), key, TASKS, n -> {
            if (n == killAfter + AHEAD) {
                awaitKill(killed);
            }
            return line(n);
        })) {
            for (JsonObject answer = batch.next(); answer != null; answer = batch.next()) {
                answered.add(taken(answer));
                if (answered.size() == killAfter) {
                    victim.kill();
                    killed.countDown();
                }
            }
        }
        return answered;
    }

    private static void awaitKill(CountDownLatch killed) {
        try {
            killed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its id. */
    private static String taken(JsonObject answer) {
        if (answer.containsKey("error")) {
            throw new AssertionError("a line was refused: " + answer);
        }
        return answer.getString("id");
    }

    private static String line(int n) {
        return "{\"type\":\"idle\",\"key\":\"key" + n % 1_000 + "\",\"payload\":" + payload(n) + "}";
    }

    private static String payload(int n) {
        return "{\"n\":" + n + ",\"text\":\"" + "x".repeat(n % 200) + "\"}";
    }

    /** By id; each is the task of its line and nothing less. */
    private static Map<String, Integer> timesWritten(TestPipeline pipeline, String key) {
        Map<String, Integer> times = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                pipeline.read(pipeline.settings().topic())) {
            String id = String.valueOf(HeaderNames.text(record.headers(), HeaderNames.ID));
            int n = Integer.parseInt(id.substring(key.length() + 1));
            String written = new String(record.value(), UTF_8);
            if (!id.startsWith(key + "-") || !written.equals(payload(n))) {
                throw new AssertionError("the task " + id + " is " + written);
            }
            times.merge(id, 1, Integer::sum);
        }
        return times;
    }
}
