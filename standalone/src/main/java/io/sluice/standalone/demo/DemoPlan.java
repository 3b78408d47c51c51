package io.sluice.standalone.demo;

import io.sluice.record.NewTask;
import io.sluice.standalone.site.DemoSite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the demo is to do.
 *
 * @param perHost connections to one host at once, over all consumers
 * @param consumers verticles in one group
 * @param timeout of one attempt
 * @param out where results go as well, a JSON object a line; null for nowhere
 */
record DemoPlan(
        Workload workload,
        int perHost,
        int consumers,
        Duration timeout,
        @Nullable Path out) {
    /** Where the pages are. */
    sealed interface Workload {
        int pages();

        int hosts();

        /** The hosts that may be fetched from although they are not on the public internet. */
        String allow();
    }

    /**
     * On a web site of our own.
     *
     * @param seed of its delays and failures
     */
    record OwnSite(int pages, int hosts, long seed) implements Workload {
        @Override
        public String allow() {
            return DemoSite.ADDRESS;
        }
    }

    /** Where somebody says. */
    record UrlList(List<NewTask> tasks, String allow) implements Workload {
        @Override
        public int pages() {
            return tasks.size();
        }

        @Override
        public int hosts() {
            return (int) tasks.stream().map(NewTask::key).distinct().count();
        }
    }
}
