package io.sluice.consumer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.sluice.consumer.kafka.KafkaSource;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "io.sluice.consumer";

    /** They have the main thread for themselves. */
    private static final String COMMANDS = ROOT + ".command..";

    /** Imported once: that is what takes time. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** Calls that hold up the thread which makes them. */
    private static final Map<String, Set<String>> BLOCKING = Map.ofEntries(
            Map.entry("java.lang.Thread", Set.of("sleep", "join")),
            Map.entry("java.lang.Object", Set.of("wait")),
            Map.entry("java.lang.Process", Set.of("waitFor")),
            Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep", "timedJoin", "timedWait")),
            Map.entry("java.util.concurrent.Future", Set.of("get")),
            Map.entry("java.util.concurrent.CompletableFuture", Set.of("get", "join")),
            Map.entry("java.util.concurrent.CountDownLatch", Set.of("await")),
            Map.entry("java.util.concurrent.CyclicBarrier", Set.of("await")),
            Map.entry("java.util.concurrent.Semaphore", Set.of("acquire", "acquireUninterruptibly", "tryAcquire")),
            Map.entry("java.util.concurrent.locks.Lock", Set.of("lock", "lockInterruptibly")),
            Map.entry("java.util.concurrent.locks.Condition", Set.of("await", "awaitNanos", "awaitUntil")),
            Map.entry("java.util.concurrent.locks.LockSupport", Set.of("park", "parkNanos", "parkUntil")),
            Map.entry("java.util.concurrent.BlockingQueue", Set.of("take", "put", "poll", "offer")),
            Map.entry(
                    "java.util.concurrent.ExecutorService",
                    Set.of("invokeAll", "invokeAny", "awaitTermination", "close")),
            Map.entry("io.vertx.core.Future", Set.of("await")),
            Map.entry("org.apache.kafka.common.KafkaFuture", Set.of("get")));

    private static final DescribedPredicate<JavaAccess<?>> BLOCKS = describe(
            "block the thread",
            access -> access.getTarget() instanceof AccessTarget.MethodCallTarget method
                    && BLOCKING.entrySet().stream()
                            .anyMatch(entry -> entry.getValue().contains(method.getName())
                                    && method.getOwner().isAssignableTo(entry.getKey())));

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
        // The root package is a slice too: above all others but the commands, which run it.
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .and()
                .resideOutsideOfPackage(COMMANDS)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, COMMANDS)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(COMMANDS)
                .check(CLASSES);
    }

    @Test
    void theEngineKnowsNoOtherPackageOfThisModule() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT, ROOT + ".kafka..", ROOT + ".handlers..")
                .check(CLASSES);
    }

    @Test
    void theEngineKnowsNeitherAKafkaClientNorVertx() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".engine..")
                .should()
                .dependOnClassesThat(describe(
                        "are Kafka clients, or Vert.x but for its futures", other -> isClient(other) || isVertx(other)))
                .check(CLASSES);
    }

    private static boolean isClient(JavaClass other) {
        return Stream.of("consumer.Consumer", "producer.Producer", "admin.Admin")
                .anyMatch(client -> other.isAssignableTo("org.apache.kafka.clients." + client));
    }

    private static boolean isVertx(JavaClass other) {
        return other.getPackageName().startsWith("io.vertx")
                && !Set.of("Future", "Promise", "AsyncResult", "Handler", "Completable")
                        .contains(other.getSimpleName());
    }

    @Test
    void nothingBlocksButThreadsOfTheirOwnAndTheCheckAtTheStart() {
        nothingBlocksBut(PollThread.class, KafkaSource.class, ControlThread.class, SessionCheck.class)
                .check(CLASSES);
    }

    @Test
    void theRuleAgainstBlockingSeesWhatThoseTwoDo() {
        assertThat(nothingBlocksBut(SessionCheck.class).evaluate(CLASSES).hasViolation())
                .isTrue();
        assertThat(nothingBlocksBut(PollThread.class).evaluate(CLASSES).hasViolation())
                .isTrue();
    }

    private static ArchRule nothingBlocksBut(Class<?>... named) {
        Set<Class<?>> allowed = Set.of(named);
        return noClasses()
                .that(describe(
                        "are not " + allowed,
                        each -> allowed.stream().noneMatch(one -> each.getName().equals(one.getName()))))
                .and()
                .resideOutsideOfPackage(COMMANDS)
                .should()
                .accessTargetWhere(BLOCKS);
    }
}
