package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecord;
import java.util.concurrent.TimeUnit;

/**
 * vertx-kafka-client in a verticle, by hand: counts what is in flight, pauses the stream when that is enough and resumes it when there is room again
 * (Vert.x Kafka client, Message flow control), and commits where the consumer stands every {@link Job#commitInterval} (the same, Manual offset
 * commit). Promises nothing: what is committed may still be running.
 */
final class VertxByHand extends VerticleBase {
    private final Job job;
    private final Witness witness;
    private int inFlight;

    private VertxByHand(Job job, Witness witness) {
        this.job = job;
        this.witness = witness;
    }

    public static void main(String[] arguments) {
        Subject.run(arguments, VertxByHand::start);
    }

    private static AutoCloseable start(Job job, Witness witness) {
        Vertx vertx = Vertx.vertx();
        vertx.deployVerticle(new VertxByHand(job, witness)).onFailure(failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        return () -> vertx.close().await(30, TimeUnit.SECONDS);
    }

    @Override
    public Future<?> start() {
        KafkaConsumer<byte[], byte[]> consumer = KafkaConsumer.create(vertx, ConsumerConfigs.of(job));
        WorkerExecutor pool = vertx.createSharedWorkerExecutor("sleepers", job.inFlight());
        consumer.handler(record -> run(record, consumer, pool));
        consumer.exceptionHandler(Throwable::printStackTrace);
        vertx.setPeriodic(job.commitInterval().toMillis(), id -> consumer.commit());
        return consumer.subscribe(job.feed().topic());
    }

    private void run(
            KafkaConsumerRecord<byte[], byte[]> record, KafkaConsumer<byte[], byte[]> from, WorkerExecutor pool) {
        int task = Body.task(record.value());
        if (job.kind() == Job.Kind.NOOP) {
            witness.started(task);
            witness.ended(task);
            return;
        }
        inFlight++;
        if (inFlight == job.inFlight()) {
            from.pause();
        }
        body(task, pool).onComplete(done -> {
            inFlight--;
            if (inFlight == job.inFlight() - 1) {
                from.resume();
            }
        });
    }

    private Future<?> body(int task, WorkerExecutor pool) {
        long millis = witness.millisOf(job.work(), task);
        if (job.kind() == Job.Kind.SLEEP) {
            return pool.executeBlocking(
                    () -> {
                        witness.started(task);
                        Thread.sleep(millis);
                        witness.ended(task);
                        return task;
                    },
                    false);
        }
        witness.started(task);
        return vertx.timer(millis).andThen(done -> witness.ended(task));
    }
}
