package io.sluice.standalone.demo;

import io.sluice.cli.StopSignal;
import io.sluice.cli.UsageFault;
import io.sluice.cli.Waiting;
import io.sluice.record.Json;
import io.sluice.standalone.site.DemoSite;
import io.sluice.standalone.site.Pages;
import io.sluice.standalone.site.SiteBehaviour;
import io.sluice.standalone.site.SitePlace;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The demo's site alone, for a pipeline elsewhere, until a signal. Main thread. */
@Command(
        name = "site",
        description = {
            "Runs the demo's web site until SIGTERM or Ctrl-C, for a pipeline elsewhere to fetch from.",
            "",
            "Its first port answers /urls?count=N, the URLs of N pages, one a line, and /most, the most connections that"
                    + " each host had at once, as JSON. Its hosts are on the ports after that one."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
public final class SiteCommand implements Callable<Integer> {
    private static final int MOST_URLS = 1_000_000;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Where to listen (${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--name",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "What visitors call this machine (${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8000",
            description = "Its first port (${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--hosts", paramLabel = "N", defaultValue = "4", description = "Its hosts (${DEFAULT-VALUE}).")
    private int hosts;

    @Option(
            names = "--per-host",
            paramLabel = "N",
            defaultValue = "10",
            description = "Connections at once that a host takes; it refuses one more (${DEFAULT-VALUE}).")
    private int perHost;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of its delays and failures (${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getErr();
        UsageFault.unlessWithin("--hosts", hosts, 1, 1_000);
        UsageFault.unlessWithin("--per-host", perHost, 1, 1_000);
        UsageFault.unlessWithin("--port", port, 1, 65_535 - hosts);
        StopSignal stop = StopSignal.listen();
        Vertx vertx = Vertx.vertx();
        try {
            DemoSite site = Waiting.on(DemoSite.open(
                    vertx,
                    Pages.load(),
                    SiteBehaviour.standard(hosts, perHost),
                    seed,
                    new SitePlace(listen, name, port + 1)));
            // Last: who gets an answer here finds the hosts listening, too.
            Waiting.on(vertx.createHttpServer()
                    .requestHandler(request -> answer(site, request))
                    .listen(port, listen));
            out.println("The site is at http://" + name + ":" + port + "/urls?count=N, its hosts at "
                    + String.join(", ", site.hosts()));
            out.flush();
            Waiting.on(stop.received());
        } finally {
            Waiting.on(vertx.close());
        }
        out.println("Stopped.");
        out.flush();
        return 0;
    }

    private static void answer(DemoSite site, HttpServerRequest request) {
        switch (request.path()) {
            case "/urls" -> {
                String count = String.valueOf(request.getParam("count"));
                boolean known = count.matches("\\d{1,7}") && Integer.parseInt(count) <= MOST_URLS;
                request.response()
                        .setStatusCode(known ? 200 : 400)
                        .end(
                                known
                                        ? site.urls(Integer.parseInt(count)).collect(Collectors.joining("\n", "", "\n"))
                                        : "count is to be a number up to " + MOST_URLS + "\n");
            }
            case "/most" ->
                request.response()
                        .putHeader("content-type", "application/json")
                        .end(Json.mapper().valueToTree(site.mostInServicePerHost()) + "\n");
            default -> request.response().setStatusCode(404).end("There is /urls?count=N and /most\n");
        }
    }
}
