package io.sluice.topics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One thing that is wrong with topics, and what mends it.
 *
 * <p>Sentence and command name a topic by the shell's variable for it, so that one finding can be about several.
 */
public final class Finding {
    /** What it means for the pipeline. */
    public enum Severity {
        /** Tasks can be lost, or cannot be worked on. */
        FAULT,
        /** It works, but not as well as it could. */
        WARNING
    }

    /** Stands for the topic in sentences and commands. */
    static final String TOPIC = "$topic";

    private final Severity severity;
    private final List<String> topics;
    private final String sentence;
    private final String command;

    private Finding(Severity severity, List<String> topics, String sentence, String command) {
        this.severity = severity;
        this.topics = topics;
        this.sentence = sentence;
        this.command = command;
    }

    static Finding fault(String topic, String sentence, String command) {
        return new Finding(Severity.FAULT, List.of(topic), sentence, command);
    }

    static Finding warning(String topic, String sentence, String command) {
        return new Finding(Severity.WARNING, List.of(topic), sentence, command);
    }

    /** The same findings, those put together that say the same of several topics: for people. */
    public static List<Finding> together(List<Finding> findings) {
        Map<List<Object>, Finding> together = new LinkedHashMap<>();
        findings.forEach(finding -> together.merge(
                List.of(finding.severity, finding.sentence, finding.command),
                finding,
                (one, other) -> new Finding(
                        one.severity,
                        Stream.concat(one.topics.stream(), other.topics.stream())
                                .toList(),
                        one.sentence,
                        one.command)));
        return new ArrayList<>(together.values());
    }

    public Severity severity() {
        return severity;
    }

    /** The topic's name, or the names with commas between. */
    public String topic() {
        return String.join(", ", topics);
    }

    /** What is wrong with it, in one line that names it. */
    public String message() {
        return sentence.replace(TOPIC, topic());
    }

    /** The command that mends it, for a shell. */
    public String mend() {
        return topics.size() == 1
                ? command.replace(TOPIC, topic())
                : "for topic in " + String.join(" ", topics) + "; do " + command + "; done";
    }

    @Override
    public String toString() {
        return message() + ": " + mend();
    }
}
