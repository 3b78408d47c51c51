package io.sluice.benchmark.peer;

import io.sluice.standalone.bench.subject.Job;
import io.sluice.standalone.bench.subject.Witness;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs the bodies of a consumer whose library leaves that to its user: as many at once as the job says, the others in the order in which they
 * came. Any thread.
 */
final class Bodies implements AutoCloseable {
    private record Body(int task, Runnable then) {}

    private final Job job;
    private final Witness witness;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService sleepers;
    private final Semaphore permits;
    private final Queue<Body> waiting = new ConcurrentLinkedQueue<>();

    Bodies(Job job, Witness witness) {
        this.job = job;
        this.witness = witness;
        this.sleepers = Executors.newFixedThreadPool(job.inFlight());
        this.permits = new Semaphore(job.inFlight());
    }

    /** Runs one: at once on the caller's thread if it does nothing, else soon, on another one. */
    void run(int task, Runnable then) {
        switch (job.kind()) {
            case NOOP -> {
                witness.started(task);
                witness.ended(task);
                then.run();
            }
            case TIMER -> {
                waiting.add(new Body(task, then));
                startTimers();
            }
            case SLEEP ->
                sleepers.execute(() -> {
                    witness.started(task);
                    sleep(task);
                    witness.ended(task);
                    then.run();
                });
        }
    }

    private void startTimers() {
        while (!waiting.isEmpty() && permits.tryAcquire()) {
            Body body = waiting.poll();
            if (body == null) {
                permits.release();
            } else {
                startTimer(body);
            }
        }
    }

    private void startTimer(Body body) {
        witness.started(body.task());
        Future<?> unused = timer.schedule(
                () -> {
                    witness.ended(body.task());
                    permits.release();
                    body.then().run();
                    startTimers();
                },
                witness.millisOf(job.work(), body.task()),
                TimeUnit.MILLISECONDS);
    }

    private void sleep(int task) {
        try {
            Thread.sleep(witness.millisOf(job.work(), task));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves none of its threads behind; what runs is given up. */
    @Override
    public void close() {
        timer.shutdownNow();
        sleepers.shutdownNow();
    }
}
