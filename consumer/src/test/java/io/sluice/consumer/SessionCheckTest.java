package io.sluice.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.settings.Settings;
import io.sluice.settings.SettingsLoader;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** What the check makes of a broker's answers. */
class SessionCheckTest {
    private static final ConfigResource GROUP = new ConfigResource(ConfigResource.Type.GROUP, "workers");

    private static final class Answer extends DescribeConfigsResult {
        Answer(KafkaFuture<Config> answer) {
            super(Map.of(GROUP, answer));
        }
    }

    private static KafkaFuture<Config> session(String millis) {
        return KafkaFuture.completedFuture(new Config(List.of(new ConfigEntry("consumer.session.timeout.ms", millis))));
    }

    private static KafkaFuture<Config> refused(RuntimeException why) {
        KafkaFutureImpl<Config> refused = new KafkaFutureImpl<>();
        refused.completeExceptionally(why);
        return refused;
    }

    private static List<String> faults(KafkaFuture<Config> answer, String protocol) throws InterruptedException {
        Settings settings = SettingsLoader.load(
                null, Map.of("SLUICE_CONSUMER_FENCE_AFTER", "20s", "SLUICE_CONSUMER_GROUP_PROTOCOL", protocol));
        Admin admin = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("describeConfigs");
                    assertThat(arguments[0]).isEqualTo(List.of(GROUP));
                    return new Answer(answer);
                });
        return SessionCheck.fault(admin, settings, Duration.ofMillis(1)).stream()
                .toList();
    }

    @Test
    void aFenceThatShutsInTimeIsFine() throws Exception {
        assertThat(faults(session("20000"), "consumer")).isEmpty();
    }

    @Test
    void aFenceThatShutsTooLateIsToldInOneLineWithWhatMendsIt() throws Exception {
        assertThat(faults(session("19500"), "consumer"))
                .singleElement()
                .asString()
                .contains(
                        "consumer.fence-after is 20s",
                        "group 'workers' is 19500ms",
                        "--entity-type groups --entity-name workers --add-config consumer.session.timeout.ms=20000")
                .doesNotContain("\n");
    }

    @Test
    void aBrokerThatDoesNotTellIsFine() throws Exception {
        assertThat(faults(refused(new GroupAuthorizationException("no")), "consumer"))
                .isEmpty();
        assertThat(faults(refused(new InvalidRequestException("what is a group?")), "consumer"))
                .isEmpty();
        assertThat(faults(KafkaFuture.completedFuture(new Config(List.of())), "consumer"))
                .isEmpty();
        assertThat(faults(new KafkaFutureImpl<>(), "consumer")).isEmpty();
    }

    @Test
    void aClassicGroupHasItsSessionFromTheSettings() throws Exception {
        assertThat(faults(session("1"), "classic")).isEmpty();
    }
}
