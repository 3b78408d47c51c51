package io.sluice.cli;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks for an orderly end, another one a second later or more ends the process at once
 * (P7).
 *
 * <p>What comes within that second is the same request: supervisors and terminals signal the process and its group, so that
 * it hears of one wish twice, and busy machines deliver that late. Nobody who is in a hurry loses more than a second.
 * SIGHUP is what is left when a terminal closes; a process that was started to ignore it, by nohup, still does.
 *
 * <p>Java has no supported way to do that: a shutdown hook hears one signal only, and the exit code is then 128 plus its
 * number. So this goes to {@code sun.misc.Signal}, which every JDK exports, by reflection, which spares the build its
 * warning.
 */
public final class StopSignal {
    private static final int HALTED = 130;

    /** What a shell says of a process that a signal ended is this and the signal's number. */
    private static final int BY_SIGNAL = 128;

    private static final Map<String, Integer> NUMBERS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    /** Within this, signals are one. */
    private static final Duration SAME = Duration.ofSeconds(1);

    private final Promise<String> received = Promise.promise();
    private long firstNanos;

    private StopSignal() {}

    /** Listens from now on, for the rest of the process's life. */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        NUMBERS.keySet().forEach(signal::handle);
        return signal;
    }

    /** Completes with the first signal's name. */
    public Future<String> received() {
        return received.future();
    }

    /** The exit code of a process that a signal of this name ended before its time. */
    public static int exitCode(String name) {
        return BY_SIGNAL + NUMBERS.getOrDefault(name, 0);
    }

    /** Every signal comes on a thread of its own. */
    private synchronized boolean isSecond(String name) {
        long now = System.nanoTime();
        if (received.tryComplete(name)) {
            firstNanos = now;
            return false;
        }
        return now - firstNanos >= SAME.toNanos();
    }

    private void handle(String name) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Object handler = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle") && isSecond(name)) {
                            Runtime.getRuntime().halt(HALTED);
                        }
                        return null;
                    });
            signalType
                    .getMethod("handle", signalType, handlerType)
                    .invoke(null, signalType.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no signals: " + e, e);
        }
    }
}
