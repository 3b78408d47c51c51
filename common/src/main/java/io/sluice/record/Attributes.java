package io.sluice.record;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** What a record's headers say of a task, as they say it. One pass over them; of headers that repeat, the last counts. */
final class Attributes {
    /** The id that a copy keeps. */
    @Nullable
    String keptId;

    @Nullable
    String id;

    @Nullable
    String type;

    @Nullable
    String contentType;

    @Nullable
    String specVersion;

    @Nullable
    String notBefore;

    @Nullable
    String expiry;

    Attributes(Headers headers) {
        for (Header header : headers) {
            switch (header.key()) {
                case HeaderNames.TASK_ID -> keptId = text(header);
                case HeaderNames.ID -> id = text(header);
                case HeaderNames.TYPE -> type = text(header);
                case HeaderNames.CONTENT_TYPE -> contentType = text(header);
                case HeaderNames.SPEC_VERSION -> specVersion = text(header);
                case HeaderNames.NOT_BEFORE -> notBefore = text(header);
                case HeaderNames.EXPIRY_TIME -> expiry = text(header);
                default -> {}
            }
        }
    }

    private static @Nullable String text(Header header) {
        return header.value() == null ? null : HeaderNames.text(header);
    }
}
