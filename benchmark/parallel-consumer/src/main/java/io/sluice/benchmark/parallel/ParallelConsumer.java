package io.sluice.benchmark.parallel;

import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import io.confluent.parallelconsumer.reactor.ReactorProcessor;
import io.sluice.standalone.bench.subject.Body;
import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Subject;
import io.sluice.standalone.bench.subject.Witness;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import reactor.core.publisher.Mono;

/**
 * Confluent Parallel Consumer with the commit mode that its README suggests to start with, the default asynchronous one (Commit Mode). Bodies that
 * sleep run on its pool, of as many threads as the job says; bodies that do nothing too, with the default of 16 (Javadoc of {@link ParallelConsumerOptions});
 * those that wait on a timer, by its Reactor module, so that they hold no thread.
 *
 * <p>Commits at its default interval of five seconds; with the flag {@value #OFTEN}, at {@link Job#commitInterval}.
 */
final class ParallelConsumer {
    /** A system property: UNORDERED or KEY. */
    static final String ORDERING = "ordering";

    /** A system property. */
    static final String OFTEN = "commit-often";

    private ParallelConsumer() {}

    public static void main(String[] arguments) {
        Subject.run(arguments, ParallelConsumer::start);
    }

    private static AutoCloseable start(Job job, Witness witness) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        job.feed().bootstrap(),
                        "group.id",
                        job.feed().group(),
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false"),
                // It compares keys by equals, as which no two arrays are the same.
                new StringDeserializer(),
                new ByteArrayDeserializer());
        ParallelConsumerOptions<String, byte[]> options = options(job, consumer);
        return job.kind() == Job.Kind.TIMER ? react(job, witness, options) : poll(job, witness, options);
    }

    private static ParallelConsumerOptions<String, byte[]> options(Job job, KafkaConsumer<String, byte[]> consumer) {
        ParallelConsumerOptions.ParallelConsumerOptionsBuilder<String, byte[]> options =
                ParallelConsumerOptions.<String, byte[]>builder()
                        .consumer(consumer)
                        .ordering(ProcessingOrder.valueOf(System.getProperty(ORDERING)));
        if (Boolean.getBoolean(OFTEN)) {
            options.commitInterval(job.commitInterval());
        }
        if (job.kind() != Job.Kind.NOOP) {
            options.maxConcurrency(job.inFlight());
        }
        return options.build();
    }

    private static AutoCloseable poll(Job job, Witness witness, ParallelConsumerOptions<String, byte[]> options) {
        ParallelStreamProcessor<String, byte[]> processor = ParallelStreamProcessor.createEosStreamProcessor(options);
        processor.subscribe(List.of(job.feed().topic()));
        processor.poll(context -> {
            int task = Body.task(context.value());
            witness.started(task);
            if (job.kind() == Job.Kind.SLEEP) {
                sleep(witness.millisOf(job.work(), task));
            }
            witness.ended(task);
        });
        return processor;
    }

    private static AutoCloseable react(Job job, Witness witness, ParallelConsumerOptions<String, byte[]> options) {
        ReactorProcessor<String, byte[]> processor = new ReactorProcessor<>(options);
        processor.subscribe(List.of(job.feed().topic()));
        processor.react(context -> {
            int task = Body.task(context.value());
            witness.started(task);
            return Mono.delay(Duration.ofMillis(witness.millisOf(job.work(), task)))
                    .doOnNext(tick -> witness.ended(task));
        });
        return processor;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
