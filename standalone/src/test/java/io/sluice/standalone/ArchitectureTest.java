package io.sluice.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The directions of modules and packages, over the main code of all modules. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.sluice");

    private static final String[] COMMON = {
        "io.sluice.handler..",
        "io.sluice.kafka..",
        "io.sluice.management..",
        "io.sluice.record..",
        "io.sluice.settings..",
        "io.sluice.topics.."
    };

    @Test
    void allModulesAreLookedAt() {
        assertThat(CLASSES.stream().map(each -> each.getPackageName()))
                .contains(
                        "io.sluice.handler",
                        "io.sluice.kafka",
                        "io.sluice.record",
                        "io.sluice.settings",
                        "io.sluice.topics",
                        "io.sluice.producer",
                        "io.sluice.consumer.engine",
                        "io.sluice.standalone",
                        "io.sluice.standalone.bench.subject");
    }

    @Test
    void commonSeesNeitherProducerNorConsumer() {
        noClasses()
                .that()
                .resideInAnyPackage(COMMON)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.sluice.producer..", "io.sluice.consumer..", "io.sluice.standalone..")
                .check(CLASSES);
    }

    @Test
    void producerAndConsumerNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage("io.sluice.producer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.sluice.consumer..", "io.sluice.standalone..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.sluice.consumer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.sluice.producer..", "io.sluice.standalone..")
                .check(CLASSES);
    }

    @Test
    void noPackagesFormACycle() {
        slices().matching("io.sluice.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theEngineKnowsNeitherAKafkaConsumerNorAVertx() {
        noClasses()
                .that()
                .resideInAPackage("io.sluice.consumer.engine..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.vertx.core.Vertx")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("org\\.apache\\.kafka\\.clients\\.consumer\\.(Kafka)?Consumer")
                .check(CLASSES);
    }

    @Test
    void whatIsMeasuredBesideOthersNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("io.sluice.standalone.bench.subject..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.sluice.standalone.bench.subject..",
                        "java..",
                        "javax.management..",
                        "com.sun.management..",
                        // Annotations, which nobody needs when it runs.
                        "org.jspecify.annotations..")
                .check(CLASSES);
    }

    @Test
    void nothingSleepsAndOnlyThreadsOfItsOwnWait() {
        noClasses()
                .that()
                // Bodies that sleep are what it measures.
                .doNotHaveFullyQualifiedName("io.sluice.standalone.bench.SluiceSubject$Sleep")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .check(CLASSES);
        // The engine, the handlers and the verticle run on event loops: they wait for nothing.
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.sluice.consumer.engine..", "io.sluice.consumer.handlers..", "io.sluice.handler..")
                .should()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "wait", long.class)
                .orShould()
                .callMethod(Thread.class, "join")
                .orShould()
                .callMethod(CountDownLatch.class, "await")
                .orShould()
                .callMethod(CompletableFuture.class, "get")
                .orShould()
                .callMethod(CompletableFuture.class, "join")
                .orShould()
                .callMethod(java.util.concurrent.Future.class, "get")
                .orShould()
                .callMethod(BlockingQueue.class, "take")
                .orShould()
                .callMethod(Semaphore.class, "acquire")
                .orShould()
                .callMethod(io.vertx.core.Future.class, "await")
                .check(CLASSES);
    }
}
