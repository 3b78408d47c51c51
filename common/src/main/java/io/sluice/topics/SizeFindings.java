package io.sluice.topics;

import io.sluice.settings.TopicNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Topics that do not take a copy of every task. No task is lost by that, but it cannot wait as long, or not be sent again. */
final class SizeFindings {
    private static final String LARGEST = "max.message.bytes";

    private static final long UNKNOWN = Long.MAX_VALUE;

    private SizeFindings() {}

    static List<Finding> in(Mending mending, TopicNames topics, Map<String, TopicState> found) {
        Map<String, String> consequences = new LinkedHashMap<>();
        topics.delays().forEach(tier -> consequences.put(tier.topic(), "waits in memory, and holds up the commit"));
        consequences.put(topics.overflow(), "stays in the way of others when there are many of its key");
        consequences.put(
                topics.deadLetters(),
                "is a reference as a dead letter, and goes when the topic of the task forgets it");
        List<Finding> findings = new ArrayList<>();
        long tasks = largest(found, topics.tasks());
        consequences.forEach((name, consequence) -> {
            long own = largest(found, name);
            if (own < tasks && tasks < UNKNOWN) {
                findings.add(Finding.warning(
                        name,
                        "topic $topic: " + LARGEST + " is " + own + ", but that of " + topics.tasks() + " is " + tasks
                                + "; a task that does not fit " + consequence,
                        mending.config(LARGEST, Long.toString(tasks))));
            }
        });
        return findings;
    }

    private static long largest(Map<String, TopicState> found, String name) {
        TopicState topic = found.get(name);
        String bytes = topic == null ? null : topic.configs().get(LARGEST);
        return bytes == null ? UNKNOWN : Long.parseLong(bytes);
    }
}
