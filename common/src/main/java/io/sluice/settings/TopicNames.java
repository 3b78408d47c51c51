package io.sluice.settings;

import java.util.regex.Pattern;

/**
 * The topics of a pipeline, all named after the one that holds its work.
 *
 * @param tasks work; the key names the resource
 * @param results one record per finished task
 * @param deadLetters the tasks that failed for good, byte for byte
 */
public record TopicNames(String tasks, String results, String deadLetters) {
    // Kafka allows 249 characters; the longest name derived from the topic adds ".delay.10m".
    private static final int LONGEST = 239;
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1," + LONGEST + "}");

    static TopicNames of(String topic) {
        return new TopicNames(topic, topic + ".results", topic + ".dlq");
    }

    static void check(String topic, Checks checks) {
        checks.expect(
                LEGAL.matcher(topic).matches() && !topic.matches("\\.{1,2}"),
                "topic",
                "\"" + topic + "\"",
                "1 to " + LONGEST + " letters, digits, dots, dashes or underscores, and more than dots");
    }
}
