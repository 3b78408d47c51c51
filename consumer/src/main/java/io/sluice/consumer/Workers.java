package io.sluice.consumer;

import io.sluice.settings.ThreadKind;
import io.sluice.settings.TypeSettings;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The threads of one type's blocking calls. */
record Workers(Executor executor, Runnable closing) {
    /**
     * @param name must carry the consumer's instance: Vert.x shares pools by name, and one consumer's stuck calls must not
     *     take another's threads
     */
    static Workers open(Vertx vertx, String name, TypeSettings settings) {
        if (settings.pool().threads() == ThreadKind.VIRTUAL) {
            ExecutorService virtual = virtualThreads(name);
            return new Workers(virtual, virtual::shutdownNow);
        }
        // Vert.x warns of calls beyond this; the engine has its own word for them: stuck.
        long longest = settings.timeout().multipliedBy(2).toNanos();
        WorkerExecutor pool =
                vertx.createSharedWorkerExecutor(name, settings.pool().size(), longest, TimeUnit.NANOSECONDS);
        return new Workers(
                call -> pool.executeBlocking(
                        () -> {
                            call.run();
                            return null;
                        },
                        false),
                pool::close);
    }

    /** By reflection, since the code base compiles for Java 17; the settings allow them from 21 on only. */
    private static ExecutorService virtualThreads(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object named = type.getMethod("name", String.class, long.class).invoke(builder, name + "-", 0L);
            ThreadFactory factory = (ThreadFactory) type.getMethod("factory").invoke(named);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("virtual threads need Java 21 or newer", e);
        }
    }
}
