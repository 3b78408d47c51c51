package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Members of a share group with explicit acknowledgement (Javadoc of {@link KafkaShareConsumer}, Record delivery and acknowledgement): each
 * acknowledges all that a poll brought before it polls again, so one member does for bodies that do nothing, and several share the others, to have work
 * while one of them waits. The acknowledgements go with the next poll.
 */
final class ShareGroup {
    private static final int MEMBERS_WITH_WORK = 4;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaShareConsumer<byte[], byte[]> consumer;
    private final Bodies bodies;

    private ShareGroup(Job.Feed feed, Bodies bodies) {
        this.consumer = new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        feed.bootstrap(),
                        "group.id",
                        feed.group(),
                        "share.acknowledgement.mode",
                        "explicit"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.bodies = bodies;
        consumer.subscribe(List.of(feed.topic()));
    }

    public static void main(String[] arguments) {
        Subject.run(arguments, ShareGroup::start);
    }

    private static AutoCloseable start(Job job, Witness witness) throws ExecutionException, InterruptedException {
        beginWithTheTopic(job.feed());
        Bodies bodies = new Bodies(job, witness);
        List<PollThread> members = new ArrayList<>();
        for (int i = 0; i < (job.kind() == Job.Kind.NOOP ? 1 : MEMBERS_WITH_WORK); i++) {
            ShareGroup member = new ShareGroup(job.feed(), bodies);
            members.add(PollThread.start(member::poll, member::close));
        }
        return () -> {
            for (PollThread member : members) {
                member.close();
            }
            bodies.close();
        };
    }

    /** A setting of the group, not of its members; by default a share group begins with what is written after it began. */
    private static void beginWithTheTopic(Job.Feed feed) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", feed.bootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, feed.group()),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private void poll() {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        CountDownLatch open = new CountDownLatch(records.count());
        records.forEach(record -> bodies.run(Body.task(record.value()), open::countDown));
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
        records.forEach(consumer::acknowledge);
    }

    private void close() {
        consumer.commitSync();
        consumer.close();
    }
}
