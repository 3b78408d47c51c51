package io.sluice.producer.intake;

import io.sluice.producer.client.Receipt;
import io.sluice.record.TaskResult;
import io.vertx.core.Future;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a task.
 *
 * @param type the task's
 * @param mark tells tasks of the same id apart; 0 if it came in elsewhere
 * @param receipt when and whether the broker took it; null if it came in elsewhere
 * @param result what became of it; null while nothing has
 * @param since when this was learnt
 */
public record Known(
        String type,
        long mark,
        @Nullable Future<Receipt> receipt,
        @Nullable TaskResult result,
        Instant since) {

    Known with(TaskResult found, Instant now) {
        return new Known(type, mark, receipt, found, now);
    }

    /** {@code submitting} until the broker has it, {@code accepted} until it ends, then {@code succeeded} or {@code failed}. */
    public String state() {
        if (result != null) {
            return result.succeeded() ? "succeeded" : "failed";
        }
        return receipt == null || receipt.succeeded() ? "accepted" : "submitting";
    }
}
