package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The guard must bark: it rests on a logger deep inside Vert.x. */
class NoBlockedEventLoopsTest {
    private final NoBlockedEventLoops guard = new NoBlockedEventLoops();
    private final ExtensionContext context = (ExtensionContext) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {ExtensionContext.class}, (proxy, method, arguments) -> null);

    @Test
    void aBlockedEventLoopFailsTheTest() {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setBlockedThreadCheckInterval(10)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(20)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS));
        CountDownLatch release = new CountDownLatch(1);
        // The guard hears it all the same; nobody else needs to.
        NoBlockedEventLoops.checker().setAdditive(false);
        try {
            guard.beforeEach(context);
            vertx.runOnContext(ignored -> {
                boolean unused = awaits(release);
            });
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> guard.reports() > 0);
        } finally {
            release.countDown();
            Tests.close(vertx);
            NoBlockedEventLoops.checker().setAdditive(true);
        }

        assertThatThrownBy(() -> guard.afterEach(context))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("vert.x-eventloop-thread");
    }

    @Test
    void aQuietOneDoesNot() {
        guard.beforeEach(context);

        assertThatCode(() -> guard.afterEach(context)).doesNotThrowAnyException();
    }

    private static boolean awaits(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
