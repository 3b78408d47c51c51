package io.sluice.consumer.command;

import io.sluice.cli.Complaint;
import io.sluice.cli.StopSignal;
import io.sluice.cli.Waiting;
import io.vertx.core.Future;
import java.io.PrintWriter;

/** What the long-running commands do once everything has started. Main thread. */
public final class Service {
    private Service() {}

    /** Waits for a signal, drains, says what became of the tasks. The exit code: 0, or 1 if a consumer cannot go on. */
    public static int runUntil(StopSignal stop, LocalPipeline pipeline, PrintWriter out) {
        Future<Throwable> failed = pipeline.failed();
        Waiting.on(Future.any(stop.received(), failed));
        if (failed.isComplete()) {
            out.println("sluice: " + Complaint.about(failed.result()));
        } else {
            out.println("Stopping on SIG" + stop.received().result() + "; once more ends it at once …");
        }
        out.flush();
        out.println("Stopped: " + pipeline.drain() + ".");
        out.flush();
        return failed.isComplete() ? 1 : 0;
    }
}
