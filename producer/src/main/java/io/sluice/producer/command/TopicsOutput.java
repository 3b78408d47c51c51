package io.sluice.producer.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.record.Json;
import io.sluice.settings.Durations;
import io.sluice.topics.Finding;
import io.sluice.topics.TopicReport;
import io.sluice.topics.TopicState;
import io.sluice.topics.TopicsFailed;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** How a report on topics is shown: to people as a table and what is wrong, to programs as JSON. */
final class TopicsOutput {
    private TopicsOutput() {}

    /** Prints it; returns the exit code. */
    static int print(TopicReport report, boolean json, CommandLine command) {
        PrintWriter out = command.getOut();
        if (json) {
            out.println(json(report));
        } else {
            table(report, out);
            findings(report, out);
        }
        out.flush();
        return report.isOk() ? 0 : 1;
    }

    /** A failure, which programs find where they look for the report; to be thrown, so that people hear of it. */
    static TopicsFailed told(TopicsFailed failure, boolean json, CommandLine command) {
        if (json) {
            command.getOut()
                    .println(Json.mapper().createObjectNode().put("ok", false).put("error", failure.getMessage()));
            command.getOut().flush();
        }
        return failure;
    }

    private static ObjectNode json(TopicReport report) {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("broker", report.broker()).put("ok", report.isOk());
        ArrayNode topics = json.putArray("topics");
        report.topics()
                .forEach((name, topic) -> topics.addObject()
                        .put("name", name)
                        .put("partitions", topic.partitions().size())
                        .put("replication", topic.replication())
                        .put("retentionMs", number(topic.configs().get("retention.ms")))
                        .put("cleanupPolicy", topic.configs().get("cleanup.policy")));
        ArrayNode findings = json.putArray("findings");
        report.findings()
                .forEach(finding -> findings.addObject()
                        .put("severity", severity(finding))
                        .put("topic", finding.topic())
                        .put("message", finding.message())
                        .put("mend", finding.mend()));
        return json;
    }

    private static void table(TopicReport report, PrintWriter out) {
        int width =
                report.topics().keySet().stream().mapToInt(String::length).max().orElse(0);
        String format = "%-" + Math.max(width, "topic".length()) + "s  %10s  %11s  %-9s  %s%n";
        if (!report.topics().isEmpty()) {
            out.printf(format, "topic", "partitions", "replication", "retention", "cleanup");
        }
        report.topics()
                .forEach((name, topic) -> out.printf(
                        format,
                        name,
                        topic.partitions().size(),
                        topic.replication(),
                        retention(topic),
                        topic.configs().getOrDefault("cleanup.policy", "?")));
    }

    private static void findings(TopicReport report, PrintWriter out) {
        for (Finding finding : Finding.together(report.findings())) {
            out.println();
            out.println(severity(finding) + ": " + finding.message());
            out.println("  " + finding.mend());
        }
        out.println();
        out.println(summary(report));
    }

    private static String summary(TopicReport report) {
        if (report.findings().isEmpty()) {
            return "All is well.";
        }
        int faults = count(report, Finding.Severity.FAULT);
        int warnings = count(report, Finding.Severity.WARNING);
        return (faults == 1 ? "1 fault, " : faults + " faults, ")
                + (warnings == 1 ? "1 warning" : warnings + " warnings") + ".";
    }

    private static int count(TopicReport report, Finding.Severity severity) {
        List<Finding> findings = Finding.together(report.findings());
        return (int) findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String retention(TopicState topic) {
        Long millis = number(topic.configs().get("retention.ms"));
        if (millis == null) {
            return "?";
        }
        return "compact".equals(topic.configs().get("cleanup.policy")) || millis < 0
                ? "for ever"
                : Durations.format(Duration.ofMillis(millis));
    }

    private static @Nullable Long number(@Nullable String value) {
        return value == null ? null : Long.valueOf(value);
    }

    private static String severity(Finding finding) {
        return finding.severity().name().toLowerCase(Locale.ROOT);
    }
}
