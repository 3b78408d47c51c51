package io.sluice.consumer;

import io.sluice.cli.Complaint;
import io.sluice.kafka.KafkaClients;
import io.sluice.settings.Settings;
import io.sluice.topics.Finding;
import io.sluice.topics.PipelineTopics;
import io.sluice.topics.TopicReport;
import io.sluice.topics.TopicsFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks, before anything is read, whether the broker answers and has the pipeline's topics, and its group, as they must be. Blocks. */
final class TopicCheck {
    private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);

    private TopicCheck() {}

    /**
     * Checks them all.
     *
     * @return how many partitions each of the topics has that consumers read
     * @throws ConsumerFailed with a line for each fault, and the command that mends it
     */
    static int run(Settings settings) {
        return run(settings, PipelineTopics.PATIENCE);
    }

    static int run(Settings settings, Duration patience) {
        try {
            TopicReport report = look(settings, patience);
            // What only these clients check: better refused now than by every write.
            KafkaClients.producer(settings.kafka(), "sluice-check").close(Duration.ZERO);
            KafkaClients.reader(settings.kafka(), "sluice-check").close();
            // All have as many, or there would be a fault.
            return Objects.requireNonNull(report.topics().get(settings.topic()))
                    .partitions()
                    .size();
        } catch (TopicsFailed e) {
            throw new ConsumerFailed(Complaint.about(e), e);
        } catch (KafkaException e) {
            throw new ConsumerFailed(PipelineTopics.unusable(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConsumerFailed("interrupted while the topics were looked up", e);
        }
    }

    private static TopicReport look(Settings settings, Duration patience) throws InterruptedException {
        try (PipelineTopics topics = PipelineTopics.open(settings, "sluice-check", patience)) {
            TopicReport report = topics.checkForConsumer();
            List<String> faults = new ArrayList<>();
            for (Finding finding : Finding.together(report.findings())) {
                if (finding.severity() == Finding.Severity.FAULT) {
                    faults.add(finding.toString());
                } else {
                    log.warn("{}", finding);
                }
            }
            SessionCheck.fault(topics.admin(), settings, patience).ifPresent(faults::add);
            if (!faults.isEmpty()) {
                throw new ConsumerFailed(String.join("\n", faults), null);
            }
            return report;
        }
    }
}
