package io.sluice.standalone.site;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A web site of several hosts, each on a port of its own and named after it.
 *
 * <p>A request is in service from its arrival until its answer is being written or its connection closes. One that
 * arrives when a host has its limit in service is refused with 429 and {@code Retry-After: 1}, and is counted like any
 * other: a most of 11 where the limit is 10 says that the limit was broken. Any thread.
 */
public final class DemoSite {
    /** Where it listens. */
    public static final String ADDRESS = "127.0.0.1";

    private final Vertx vertx;
    private final Pages pages;
    private final List<SiteHost> hosts;

    private DemoSite(Vertx vertx, Pages pages, List<SiteHost> hosts) {
        this.vertx = vertx;
        this.pages = pages;
        this.hosts = hosts;
    }

    /**
     * Starts the hosts on 127.0.0.1, on free ports.
     *
     * @param seed of delays, failures and hangs: the same requests in the same order fare the same
     * @return the site when every host listens; fails when one does not, and then none does
     */
    public static Future<DemoSite> open(Vertx vertx, Pages pages, SiteBehaviour behaviour, long seed) {
        return open(vertx, pages, behaviour, seed, SitePlace.HERE);
    }

    /** Starts them where somebody wants them. */
    public static Future<DemoSite> open(Vertx vertx, Pages pages, SiteBehaviour behaviour, long seed, SitePlace place) {
        Random seeds = new Random(seed);
        List<SiteHost> hosts = IntStream.range(0, behaviour.hosts())
                .mapToObj(host -> new SiteHost(pages, behaviour, seeds.nextLong(), place, place.port(host)))
                .toList();
        List<Future<String>> deployments =
                hosts.stream().<Future<String>>map(vertx::deployVerticle).toList();
        DemoSite site = new DemoSite(vertx, pages, hosts);
        return Future.join(deployments)
                .map(site)
                .recover(failure -> site.close().transform(closed -> Future.failedFuture(failure)));
    }

    /** The hosts, as {@code name:port}. */
    public List<String> hosts() {
        return hosts.stream().map(SiteHost::name).toList();
    }

    /** URL number n, from 0. No two are the same; neighbours are on different hosts and lead to different pages. */
    public String url(int n) {
        return "http://" + hosts.get(n % hosts.size()).name() + pages.path(n) + "?n=" + n;
    }

    /** The first so many URLs. */
    public Stream<String> urls(int count) {
        return IntStream.range(0, count).mapToObj(this::url);
    }

    /** The most requests that each host ever had in service at once. */
    public Map<String, Integer> mostInServicePerHost() {
        Map<String, Integer> most = new LinkedHashMap<>();
        hosts.forEach(host -> most.put(host.name(), host.mostInService()));
        return most;
    }

    /** What all hosts together did so far. */
    public SiteCounts counts() {
        return hosts.stream().map(SiteHost::counts).reduce(new SiteCounts(0, 0, 0, 0), SiteCounts::plus);
    }

    /** Closes every host and every connection to it. */
    public Future<Void> close() {
        List<Future<Void>> closing = new ArrayList<>();
        for (SiteHost host : hosts) {
            String deployment = host.deploymentID();
            if (vertx.deploymentIDs().contains(deployment)) {
                closing.add(vertx.undeploy(deployment));
            }
        }
        return Future.join(closing).mapEmpty();
    }
}
