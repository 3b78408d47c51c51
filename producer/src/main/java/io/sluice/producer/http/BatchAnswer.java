package io.sluice.producer.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.sluice.producer.client.Receipt;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/** What became of one line. The event loop's; only {@link #done} may be called from any thread, once. */
final class BatchAnswer {
    private static final Receipt NONE = new Receipt("", "");

    private final long line;
    private final @Nullable String id;
    private final Promise<Receipt> receipt = Promise.promise();
    private volatile @Nullable Object outcome;

    BatchAnswer(long line, @Nullable String id) {
        this.line = line;
        this.id = id;
    }

    /** @param failure null if it was taken */
    void done(@Nullable Throwable failure) {
        outcome = failure == null ? NONE : failure;
    }

    boolean isDone() {
        return outcome != null;
    }

    /** Completes with {@link #tell}. */
    Promise<Receipt> receipt() {
        return receipt;
    }

    /** Tells whoever cares for the receipt; whether it was taken. */
    boolean tell(String topic) {
        Throwable failure = failure();
        if (failure == null) {
            receipt.tryComplete(new Receipt(String.valueOf(id), topic));
            return true;
        }
        receipt.tryFail(failure);
        return false;
    }

    private @Nullable Throwable failure() {
        return outcome instanceof Throwable failure ? failure : null;
    }

    /** The line of the answer, with its end: {@code {"line":1,"id":"…"}}, and if it was not taken {@code "error":{…}}. */
    void writeTo(StringBuilder text) {
        text.append("{\"line\":").append(line);
        if (id != null) {
            text.append(",\"id\":\"");
            JsonStringEncoder.getInstance().quoteAsString(id, text);
            text.append('"');
        }
        Throwable failure = failure();
        if (failure != null) {
            text.append(",\"error\":").append(Problem.of(failure).toJson().encode());
        }
        text.append("}\n");
    }
}
