package io.sluice.standalone.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.record.Json;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo came to.
 *
 * @param pages asked for
 * @param succeeded fetched and parsed
 * @param failures failed for good: how many, by what they failed of
 * @param attempts what it took
 * @param mostPerHost the most connections at once, by host, as the site counted them; empty for somebody else's
 * @param time what it took
 */
record DemoSummary(
        int pages,
        int succeeded,
        Map<String, Integer> failures,
        Attempts attempts,
        Map<String, Integer> mostPerHost,
        Time time) {
    private static final int REASONS = 10;

    record Attempts(long made, long retries, long timeouts) {}

    /**
     * @param seconds from the first task submitted to the last one settled
     * @param busySeconds for which permits were held, summed up over all attempts
     * @param permits hosts × the limit per host
     */
    record Time(double seconds, double busySeconds, int permits) {}

    int failed() {
        return failures.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Pages that are not settled, since the demo was interrupted. */
    int left() {
        return pages - succeeded - failed();
    }

    private double pagesPerSecond() {
        return time.seconds() == 0 ? 0 : (succeeded + failed()) / time.seconds();
    }

    /** How full the permits were kept: 1 would be every one of them in use from beginning to end. */
    private double idealShare() {
        double available = time.permits() * time.seconds();
        return available == 0 ? 0 : time.busySeconds() / available;
    }

    /** One JSON object on one line. */
    String toJson() {
        ObjectNode json = Json.mapper().createObjectNode();
        json.put("pages", pages).put("succeeded", succeeded).put("failed", failed());
        json.put("attempts", attempts.made()).put("retries", attempts.retries()).put("timeouts", attempts.timeouts());
        mostPerHost.values().stream()
                .max(Integer::compare)
                .ifPresentOrElse(
                        most -> json.put("maxConnectionsPerHost", most), () -> json.putNull("maxConnectionsPerHost"));
        json.put("seconds", rounded(time.seconds()))
                .put("pagesPerSecond", rounded(pagesPerSecond()))
                .put("idealShare", rounded(idealShare()));
        return json.toString();
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }

    /** For people. */
    String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "pages", "%d", pages);
        line(text, "succeeded", "%d", succeeded);
        line(text, "failed", "%d", failed());
        failures.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(REASONS)
                .forEach(failure -> text.append(String.format("    %6d × %s%n", failure.getValue(), failure.getKey())));
        if (failures.size() > REASONS) {
            text.append(String.format("           and %d more reasons%n", failures.size() - REASONS));
        }
        if (left() > 0) {
            line(text, "left", "%d", left());
        }
        line(
                text,
                "attempts",
                "%d (%d retries, %d timeouts)",
                attempts.made(),
                attempts.retries(),
                attempts.timeouts());
        mostPerHost.forEach((host, most) -> line(text, "most at once", "%d connections to %s", most, host));
        line(text, "time", "%.1f s", time.seconds());
        line(text, "rate", "%.0f pages/s", pagesPerSecond());
        line(text, "ideal share", "%.2f (how full the permits were kept)", idealShare());
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(String.format("  %-14s", name))
                .append(String.format(Locale.ROOT, format, values))
                .append(System.lineSeparator());
    }
}
