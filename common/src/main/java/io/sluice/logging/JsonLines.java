package io.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.EcsJsonSerializer;
import co.elastic.logging.logback.EcsEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One flat JSON object a line, in the words of the Elastic Common Schema. What the MDC says and what a log call says in key-value pairs
 * are fields of it, all of them texts, since the MDC knows nothing else and a field must not be now a number, now a text. A name that the
 * schema has itself is left out. Named in {@code logback.xml}. Any thread.
 */
public final class JsonLines extends EcsEncoder {
    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder line) {
        @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        pairs.forEach(pair -> fields.put(pair.key, String.valueOf(pair.value)));
        // The MDC's are written already, and no name may come twice.
        fields.keySet().removeAll(event.getMDCPropertyMap().keySet());
        fields.forEach((name, value) -> EcsJsonSerializer.serializeMdcEntry(line, name, value));
    }
}
