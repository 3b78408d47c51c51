package io.sluice.topics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a broker has of a pipeline's topics, and what is wrong with it.
 *
 * @param broker as clients name it
 * @param topics those that exist, in the order of {@link io.sluice.settings.TopicNames#all}
 */
public record TopicReport(String broker, Map<String, TopicState> topics, List<Finding> findings) {
    public TopicReport {
        topics = Collections.unmodifiableMap(new LinkedHashMap<>(topics));
        findings = List.copyOf(findings);
    }

    /** Whether there is no fault; there may be warnings. */
    public boolean isOk() {
        return findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.FAULT);
    }
}
