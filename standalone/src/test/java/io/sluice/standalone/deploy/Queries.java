package io.sluice.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What can be said of a PromQL query without Prometheus: its metrics are exposed, with the labels it goes by. */
final class Queries {
    /** Those that Prometheus gives to everything it scrapes. */
    private static final Set<String> SCRAPED = Set.of("job", "instance");

    private static final Map<String, Set<String>> EXPOSED = ExposedMetrics.labelsByName();
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(by|on) ?\\(([^)]*)\\)");

    /** A name in front of braces, a range or whatever follows, but for a function's or a keyword's. */
    private static final Pattern METRIC =
            Pattern.compile("\\b((?:sluice|jvm|process|kafka|vertx|up)(?:_[a-z0-9_]+)?)\\b(\\{[^}]*\\})?");

    private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(?:=~|!~|!=|=)");

    private Queries() {}

    static Set<String> metrics(String query) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(withoutStrings(query)).results().forEach(found -> names.add(found.group(1)));
        return names;
    }

    /** Fails with what is wrong. */
    static void check(String query) {
        assertThat(isBalanced(query)).as("brackets of %s", query).isTrue();
        assertThat(metrics(query)).as(query).isNotEmpty();
        String bare = withoutStrings(query);
        Set<String> labels = new TreeSet<>(SCRAPED);
        for (MatchResult metric : METRIC.matcher(bare).results().toList()) {
            String name = metric.group(1);
            assertThat(name.equals("up") || EXPOSED.containsKey(name))
                    .as("%s of %s", name, query)
                    .isTrue();
            Set<String> own = new TreeSet<>(SCRAPED);
            own.addAll(EXPOSED.getOrDefault(name, Set.of()));
            labels.addAll(own);
            if (metric.group(2) != null) {
                assertThat(LABEL.matcher(metric.group(2)).results().map(label -> label.group(1)))
                        .as("labels of %s in %s", name, query)
                        .isSubsetOf(own);
            }
        }
        GROUPING.matcher(bare)
                .results()
                .forEach(grouping -> assertThat(grouping.group(2).split(", *"))
                        .as("grouping of %s", query)
                        .isSubsetOf(labels));
    }

    static boolean isBalanced(String query) {
        Deque<Character> open = new ArrayDeque<>();
        for (char c : withoutStrings(query).toCharArray()) {
            int opening = "([{".indexOf(c);
            if (opening >= 0) {
                open.push(")]}".charAt(opening));
            } else if (")]}".indexOf(c) >= 0 && (open.isEmpty() || open.pop() != c)) {
                return false;
            }
        }
        return open.isEmpty();
    }

    private static String withoutStrings(String query) {
        return STRING.matcher(query).replaceAll("\"\"");
    }
}
