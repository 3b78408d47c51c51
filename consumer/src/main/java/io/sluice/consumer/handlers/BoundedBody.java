package io.sluice.consumer.handlers;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/** Collects a body up to a number of bytes, as they are after decompression. Owned by the connection's event loop. */
final class BoundedBody implements BodyStream<Buffer> {
    private final Buffer collected = Buffer.buffer();
    private final int max;
    private final Runnable tooLarge;

    /** @param tooLarge called, perhaps more than once, by the write that goes past the bound */
    BoundedBody(int max, Runnable tooLarge) {
        this.max = max;
        this.tooLarge = tooLarge;
    }

    @Override
    public Future<Void> write(Buffer data) {
        if (data.length() > max - collected.length()) {
            tooLarge.run();
            return Future.failedFuture("the body has more than " + max + " bytes");
        }
        collected.appendBuffer(data);
        return Future.succeededFuture();
    }

    /** What has been collected; asked for once the response has ended well. */
    @Override
    public Future<Buffer> result() {
        return Future.succeededFuture(collected);
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public BoundedBody setWriteQueueMaxSize(int maxSize) {
        return this;
    }

    @Override
    public BoundedBody drainHandler(@Nullable Handler<Void> handler) {
        return this;
    }

    @Override
    public BoundedBody exceptionHandler(@Nullable Handler<Throwable> handler) {
        return this;
    }

    @Override
    public void handle(Throwable failure) {}
}
