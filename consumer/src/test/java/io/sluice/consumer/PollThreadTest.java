package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.consumer.engine.StillSource;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.apache.kafka.common.errors.AuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoBlockedEventLoops.class)
class PollThreadTest {
    private static final String NAME = "sluice-poll-test";

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final VertxLoop loop = new VertxLoop(vertx, context);
    private final StillSource source = new StillSource();

    @AfterEach
    void close() {
        Tests.close(vertx);
        Tests.await().until(() -> Tests.threads(NAME) == 0);
    }

    @Test
    void itPollsUntilItIsStoppedAndThenLeavesTheGroup() {
        PollThread thread = new PollThread(NAME, source.pollLoop(loop), loop);
        Tests.await().until(() -> source.polls() > 3);
        assertThat(thread.ended().isComplete()).isFalse();

        Tests.value(thread.stop());

        assertThat(source.isClosed()).isTrue();
    }

    @Test
    void whatEndsItUnaskedIsTold() {
        source.fail(new AuthorizationException("not allowed"));
        PollThread thread = new PollThread(NAME, source.pollLoop(loop), loop);

        assertThat(Tests.failure(thread.ended())).isInstanceOf(AuthorizationException.class);
        assertThat(source.isClosed()).isTrue();
    }

    @Test
    void soIsAnError() {
        source.fail(new NoClassDefFoundError("some/Plugin"));
        PollThread thread = new PollThread(NAME, source.pollLoop(loop), loop);

        assertThat(Tests.failure(thread.ended())).isInstanceOf(NoClassDefFoundError.class);
        assertThat(source.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsEndIsToldOnTheLoop(boolean fails) {
        if (fails) {
            source.fail(new AuthorizationException("not allowed"));
        }
        Promise<Boolean> onLoop = Promise.promise();
        // On the loop, which cannot be told of the end before somebody listens.
        loop.execute(() -> {
            PollThread thread = new PollThread(NAME, source.pollLoop(loop), loop);
            Future<Void> ended = fails ? thread.ended() : thread.stop();
            ended.onComplete(
                    done -> onLoop.complete(Context.isOnEventLoopThread() && Vertx.currentContext() == context));
        });

        assertThat(Tests.value(onLoop.future())).isTrue();
    }

    @Test
    void waitingEndsWithTheConditionOrTheTime() {
        long begun = System.nanoTime();
        assertThat(PollThread.await(() -> System.nanoTime() - begun > 5_000_000, Duration.ofMinutes(1)))
                .isTrue();
        assertThat(PollThread.await(() -> false, Duration.ofMillis(5))).isFalse();
        assertThat(PollThread.await(() -> true, Duration.ZERO)).isTrue();
    }
}
