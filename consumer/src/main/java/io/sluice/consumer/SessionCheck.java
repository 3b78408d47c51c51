package io.sluice.consumer;

import io.sluice.settings.Durations;
import io.sluice.settings.GroupProtocol;
import io.sluice.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether a consumer's fence shuts before its group gives its partitions to others. Blocks. */
final class SessionCheck {
    private static final Logger log = LoggerFactory.getLogger(SessionCheck.class);

    /** The broker's group.consumer.session.timeout.ms, unless the group has its own. */
    private static final String SESSION = "consumer.session.timeout.ms";

    private SessionCheck() {}

    /**
     * What is wrong, and what mends it. Nothing when the broker does not tell: it is too old, or this client may not see
     * it. Nor for the classic protocol, whose session the client chooses: the settings have checked that.
     */
    static Optional<String> fault(Admin admin, Settings settings, Duration patience) throws InterruptedException {
        if (settings.consumer().groupProtocol() == GroupProtocol.CLASSIC) {
            return Optional.empty();
        }
        ConfigResource group = new ConfigResource(
                ConfigResource.Type.GROUP, settings.consumer().group());
        try {
            ConfigEntry session = admin.describeConfigs(List.of(group))
                    .all()
                    .get(patience.toNanos(), TimeUnit.NANOSECONDS)
                    .getOrDefault(group, new Config(List.of()))
                    .get(SESSION);
            return session == null || session.value() == null
                    ? Optional.empty()
                    : fault(settings, Duration.ofMillis(Long.parseLong(session.value())));
        } catch (ExecutionException | TimeoutException e) {
            log.debug("The broker does not tell the session timeout of group '{}'", group.name(), e);
            return Optional.empty();
        }
    }

    private static Optional<String> fault(Settings settings, Duration session) {
        Duration fenceAfter = settings.consumer().patience().fenceAfter();
        if (fenceAfter.compareTo(session) <= 0) {
            return Optional.empty();
        }
        String group = settings.consumer().group();
        return Optional.of("consumer.fence-after is " + Durations.format(fenceAfter)
                + ", but the session timeout of group '"
                + group + "' is " + Durations.format(session) + ", after which others may have its partitions: set"
                + " consumer.fence-after to " + Durations.format(session) + " or less, or raise the other:"
                + " kafka-configs.sh --bootstrap-server " + settings.kafka().get("bootstrap.servers")
                + " --alter --entity-type groups --entity-name " + group + " --add-config " + SESSION + "="
                + fenceAfter.toMillis());
    }
}
