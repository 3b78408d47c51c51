package io.sluice.producer.http;

import io.sluice.producer.client.Broker;
import io.sluice.producer.client.Futures;
import io.sluice.producer.client.Tasks;
import io.sluice.producer.guard.Guard;
import io.sluice.producer.intake.FedResults;
import io.sluice.producer.intake.Intake;
import io.sluice.producer.intake.Schemas;
import io.sluice.producer.metrics.ProducerMetrics;
import io.sluice.settings.Settings;
import io.sluice.tracing.Tracing;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.util.Set;
import java.util.TreeSet;

/** The routes as the router has them. */
public final class Routes {
    private Routes() {}

    /** {@code POST /v1/tasks}, with parameters as OpenAPI has them. */
    public static Set<String> of(Vertx vertx) throws Exception {
        Settings settings = Settings.defaults();
        Broker broker = Broker.thatAcknowledges();
        Tasks tasks = Tasks.open(vertx, "tasks", 10, () -> broker);
        Intake intake = new Intake(
                vertx.getOrCreateContext(),
                settings,
                tasks,
                Schemas.none(),
                FedResults.none(),
                ProducerMetrics.in(null));
        Guard guard = Futures.await(Guard.open(vertx, settings.producer(), Problem::refuse));
        Set<String> routes = new TreeSet<>();
        for (Route route : new HttpIntake(intake, settings.producer().http(), guard, Tracing.off())
                .router(vertx)
                .getRoutes()) {
            if (route.methods() != null) {
                String path = route.getPath() == null ? route.getName() : route.getPath();
                route.methods().forEach(method -> routes.add(method + " " + path.replaceAll(":(id)$", "{$1}")));
            }
        }
        Futures.await(tasks.close());
        return routes;
    }
}
