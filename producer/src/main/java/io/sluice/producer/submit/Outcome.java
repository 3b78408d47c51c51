package io.sluice.producer.submit;

import java.util.List;

/**
 * What sending came to.
 *
 * @param complete whether nothing is left to do
 * @param what was done, in words
 * @param faults why it ended before its time, if that was a fault
 * @param begun whether anything was sent
 * @param allSent whether only results are missing
 * @param exitCode of the process
 */
record Outcome(boolean complete, String what, List<String> faults, boolean begun, boolean allSent, int exitCode) {
    Outcome {
        faults = List.copyOf(faults);
    }
}
