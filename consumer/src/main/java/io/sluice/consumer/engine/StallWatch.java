package io.sluice.consumer.engine;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what holds back the commits, when asked, and unasked when it does so for long. Loop thread only. */
public final class StallWatch {
    private static final Logger log = LoggerFactory.getLogger(StallWatch.class);

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    /** In one warning; the rest is a number. */
    private static final int MOST_NAMED = 5;

    private final Dispatcher dispatcher;
    private final PollLoop pollLoop;
    private final Loop loop;
    private final Duration warnAfter;
    private final Seldom warnings;

    /** @param warnAfter how old an unsettled task is when it is warned of */
    public StallWatch(Dispatcher dispatcher, PollLoop pollLoop, Loop loop, Duration warnAfter) {
        this.dispatcher = dispatcher;
        this.pollLoop = pollLoop;
        this.loop = loop;
        this.warnAfter = warnAfter;
        this.warnings = new Seldom(loop);
    }

    /** Looks now and then, from now on. */
    public void start() {
        Duration half = warnAfter.dividedBy(2);
        loop.after(half.compareTo(SHORTEST) < 0 ? SHORTEST : half, () -> {
            warn();
            start();
        });
    }

    /** What holds back the commit of each topic partition that has anything unsettled, the oldest first. */
    public List<Stall> now() {
        return dispatcher.stalls(pollLoop.oldest()).stream()
                .sorted(Comparator.comparing(Stall::age).reversed())
                .toList();
    }

    private void warn() {
        List<Stall> old = now().stream()
                .filter(stall -> stall.age().compareTo(warnAfter) > 0)
                .toList();
        if (!old.isEmpty() && warnings.now()) {
            int more = Math.max(0, old.size() - MOST_NAMED);
            log.warn(
                    "Unsettled for more than {} s, so that their partitions cannot be committed further: {}{}",
                    warnAfter.toSeconds(),
                    old.stream().limit(MOST_NAMED).map(Stall::toString).toList(),
                    more == 0 ? "" : " and " + more + " more");
        }
    }
}
