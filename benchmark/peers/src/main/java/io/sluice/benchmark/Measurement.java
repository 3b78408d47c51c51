package io.sluice.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.standalone.bench.Figures;
import io.sluice.standalone.bench.Workload;
import org.jspecify.annotations.Nullable;

/**
 * What came of one measurement.
 *
 * @param figures null if it failed
 * @param failure why it did, in a line, with what its process has said last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Measurement(
        int repetition,
        Workload workload,
        Contender contender,
        @Nullable Figures figures,
        @Nullable String failure) {
    static Measurement of(int repetition, Workload workload, Contender contender, Figures figures) {
        return new Measurement(repetition, workload, contender, figures, null);
    }

    static Measurement failed(int repetition, Workload workload, Contender contender, String failure) {
        return new Measurement(repetition, workload, contender, null, failure);
    }
}
