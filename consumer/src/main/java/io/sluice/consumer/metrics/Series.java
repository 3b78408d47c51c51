package io.sluice.consumer.metrics;

import io.micrometer.core.instrument.Tags;

/**
 * One line of what is measured.
 *
 * @param unit of a gauge; empty for a plain number
 */
record Series(String name, String unit, Tags labels) {
    static Series of(String name, String... labels) {
        return new Series(name, "", Tags.of(labels));
    }

    Series in(String itsUnit) {
        return new Series(name, itsUnit, labels);
    }
}
