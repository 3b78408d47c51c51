package io.sluice.standalone.demo;

import io.sluice.cli.Waiting;
import io.sluice.record.Json;
import io.sluice.record.NewTask;
import io.sluice.standalone.site.DemoSite;
import io.sluice.standalone.site.Pages;
import io.sluice.standalone.site.SiteBehaviour;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the demo fetches from, and what that has seen of it. Main thread. */
interface DemoTarget extends AutoCloseable {
    List<NewTask> tasks();

    /** The most requests that each host ever had in service at once; empty if nobody counted. */
    Map<String, Integer> mostPerHost();

    @Override
    void close();

    static DemoTarget open(DemoPlan plan) {
        return plan.workload() instanceof DemoPlan.OwnSite own
                ? new Site(own, plan.perHost())
                : new Elsewhere(((DemoPlan.UrlList) plan.workload()).tasks());
    }

    /** The web site of our own. It stands for somebody else's machine, so it has a Vert.x of its own. */
    final class Site implements DemoTarget {
        private final Vertx vertx = Vertx.vertx();
        private final DemoSite site;
        private final int pages;

        Site(DemoPlan.OwnSite own, int perHost) {
            this.site = Waiting.on(
                    DemoSite.open(vertx, Pages.load(), SiteBehaviour.standard(own.hosts(), perHost), own.seed()));
            this.pages = own.pages();
        }

        @Override
        public List<NewTask> tasks() {
            return IntStream.range(0, pages).mapToObj(n -> task(n, site.url(n))).toList();
        }

        private static NewTask task(int n, String url) {
            String payload = Json.mapper().createObjectNode().put("url", url).toString();
            return NewTask.of(
                    "page-" + n, "fetch", URI.create(url).getAuthority(), payload.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Map<String, Integer> mostPerHost() {
            return site.mostInServicePerHost();
        }

        @Override
        public void close() {
            Waiting.on(site.close().transform(closed -> vertx.close()));
        }
    }

    /** Sites of somebody else. */
    record Elsewhere(List<NewTask> tasks) implements DemoTarget {
        @Override
        public Map<String, Integer> mostPerHost() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
