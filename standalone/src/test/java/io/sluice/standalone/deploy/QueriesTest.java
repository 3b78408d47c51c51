package io.sluice.standalone.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check of queries finds what it is for. */
class QueriesTest {
    @Test
    void aGoodQueryPasses() {
        String query =
                "histogram_quantile(0.9, sum by (le, type) (rate(sluice_attempt_run_seconds_bucket{type=~\"a(b\"}[1m])))";

        Queries.check(query);
        assertThat(Queries.metrics(query)).containsExactly("sluice_attempt_run_seconds_bucket");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(sluice_tasks_in_fligth)",
                "rate(sluice_attempts{type=\"a\"}[1m])",
                "sum by (kind) (sluice_tasks_in_flight)",
                "sluice_tasks_waiting{type=\"a\"}",
                "sum(sluice_tasks_waiting",
                "sum(sluice_tasks_waiting]",
                "vector(0)"
            })
    void aBadOneDoesNot(String query) {
        assertThatThrownBy(() -> Queries.check(query)).isInstanceOf(AssertionError.class);
    }
}
