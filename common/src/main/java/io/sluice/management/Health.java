package io.sluice.management;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a process is: whether it has started and whether it is stopping, and what those that run in it say of themselves.
 * Told of changes by any thread; questions are asked on one event loop.
 */
final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);

    private record Source(String name, Observed observed) {}

    private final Vertx vertx;
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private volatile boolean started;
    private volatile boolean stopping;

    Health(Vertx vertx) {
        this.vertx = vertx;
    }

    void watch(String name, Observed observed) {
        sources.add(new Source(name, observed));
    }

    void started() {
        started = true;
    }

    void stopping() {
        stopping = true;
    }

    /** Good until somebody who runs in it says otherwise, or does not answer. */
    Future<HealthReport> live() {
        return ask(new ArrayList<>(), Observed::live);
    }

    /** Good while it has started, does not stop, and all that run in it say so. */
    Future<HealthReport> ready() {
        List<Check> own = new ArrayList<>();
        own.add(hasStarted());
        if (stopping) {
            own.add(new Check("stopping", false, "it finishes what it has begun, and takes nothing more"));
        }
        return ask(own, Observed::ready);
    }

    /** Good from the moment when everything was deployed. */
    HealthReport startedReport() {
        return new HealthReport(List.of(hasStarted()));
    }

    private Check hasStarted() {
        return new Check("started", started, started ? "all of it is deployed" : "it is still starting");
    }

    private Future<HealthReport> ask(List<Check> checks, Function<Observed, Future<List<Check>>> question) {
        List<Source> asked = List.copyOf(sources);
        List<Future<List<Check>>> answers = asked.stream()
                .map(source -> Question.ask(vertx, () -> question.apply(source.observed))
                        .otherwise(failure -> List.of(explain(source.name, failure))))
                .toList();
        return Future.all(answers).map(all -> {
            for (int i = 0; i < asked.size(); i++) {
                String prefix = asked.size() == 1 ? "" : asked.get(i).name + "/";
                for (Check check : answers.get(i).result()) {
                    checks.add(new Check(prefix + check.name(), check.ok(), check.reason()));
                }
            }
            return new HealthReport(checks);
        });
    }

    /** What failed may say things that are not for everyone. */
    private Check explain(String name, Throwable failure) {
        if (failure instanceof NoAnswer late) {
            return new Check(name, false, late.reason());
        }
        if (stopping) {
            return new Check(name, true, "it has stopped");
        }
        log.debug("{} cannot say how it is", name, failure);
        return new Check(name, false, "it cannot say: " + failure.getClass().getSimpleName());
    }
}
