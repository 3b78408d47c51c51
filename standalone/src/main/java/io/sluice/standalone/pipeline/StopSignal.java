package io.sluice.standalone.pipeline;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * SIGTERM and SIGINT: the first asks for an orderly end, the second ends the process at once (P7).
 *
 * <p>Java has no supported way to do that: a shutdown hook hears one signal only, and the exit code is then 128 plus its
 * number. So this goes to {@code sun.misc.Signal}, which every JDK exports, by reflection, which spares the build its
 * warning.
 */
public final class StopSignal {
    private static final int HALTED = 130;

    private final Promise<String> received = Promise.promise();

    private StopSignal() {}

    /** Listens from now on, for the rest of the process's life. */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        List.of("TERM", "INT").forEach(signal::handle);
        return signal;
    }

    /** Completes with the first signal's name. */
    public Future<String> received() {
        return received.future();
    }

    private void handle(String name) {
        try {
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Object handler = Proxy.newProxyInstance(
                    StopSignal.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle") && !received.tryComplete(name)) {
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
