package io.sluice.consumer.command;

import io.sluice.consumer.engine.Stall;
import org.jspecify.annotations.Nullable;

/**
 * A line of the page that says what holds back commits, as JSON has it.
 *
 * @param key null if the task has none
 * @param ageSeconds since the task was read
 */
record StallEntry(
        String topic,
        int partition,
        long offset,
        String task,
        String type,
        @Nullable String key,
        int attempts,
        long ageSeconds,
        String state) {
    static StallEntry of(Stall stall) {
        return new StallEntry(
                stall.partition().topic(),
                stall.partition().partition(),
                stall.offset(),
                stall.task().id(),
                stall.task().type(),
                stall.task().key(),
                stall.attempts(),
                stall.age().toSeconds(),
                stall.state().toString());
    }
}
