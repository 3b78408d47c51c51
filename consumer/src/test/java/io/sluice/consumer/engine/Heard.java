package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remembers what it was told of times, as {@code queued work 2 s}; or breaks. */
final class Heard implements Timings {
    private final List<String> heard = new ArrayList<>();
    private @Nullable RuntimeException failure;

    /** Throws from here on, whatever it is told. */
    void fail(RuntimeException thrown) {
        failure = thrown;
    }

    List<String> heard(String kind) {
        return heard.stream().filter(each -> each.startsWith(kind)).toList();
    }

    @Override
    public void queued(String type, long nanos) {
        hear("queued " + type, nanos);
    }

    @Override
    public void ran(String type, long nanos) {
        hear("ran " + type, nanos);
    }

    @Override
    public void committed(long nanos) {
        hear("committed", nanos);
    }

    @Override
    public void handedOver(long nanos) {
        hear("handed over", nanos);
    }

    @Override
    public void polled(long nanos) {
        hear("polled", nanos);
    }

    private void hear(String what, long nanos) {
        heard.add(what + " " + Duration.ofNanos(nanos).toMillis() + " ms");
        if (failure != null) {
            throw failure;
        }
    }
}
