package io.sluice.record;

import static io.sluice.record.Records.header;
import static io.sluice.record.Records.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class NewTaskTest {
    private static final byte[] PAYLOAD = "{\"url\":\"https://exämple.org/\"}".getBytes(UTF_8);

    @Test
    void aTaskThatIsWrittenIsReadAgain() throws Undecodable {
        Instant due = Instant.parse("2026-11-22T10:00:00.123456Z");
        Instant end = Instant.parse("2026-11-22T11:00:00Z");
        NewTask task = new NewTask("ïd", "fetch-päge", "exämple.org", PAYLOAD, due, end);

        Envelope read = Envelope.read(written(task.toRecord("tasks", "/me", null)), "other");

        assertThat(read.ownId()).isEqualTo("ïd");
        assertThat(read.type()).isEqualTo("fetch-päge");
        assertThat(read.notBefore()).isEqualTo(due);
        assertThat(read.expiry()).isEqualTo(end);
        assertThat(read.data()).isEqualTo(PAYLOAD);
    }

    @Test
    void theRecordIsACloudEventInBinaryMode() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        ProducerRecord<byte[], byte[]> record = NewTask.of("1", "fetch", "example.org", PAYLOAD)
                .toRecord("tasks", "/me", new TraceContext(trace, "a=1,b=2"));
        assertThat(record.topic()).isEqualTo("tasks");
        assertThat(record.partition()).isNull();
        assertThat(record.key()).asString(UTF_8).isEqualTo("example.org");
        assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(record, "ce_source")).isEqualTo("/me");
        assertThat(header(record, "content-type")).isEqualTo("application/json");
        assertThat(header(record, "traceparent")).isEqualTo(trace);
        assertThat(header(record, "tracestate")).isEqualTo("a=1,b=2");
    }

    @Test
    void whatIsNotGivenIsNotWritten() {
        ProducerRecord<byte[], byte[]> record =
                NewTask.of("1", "fetch", null, PAYLOAD).toRecord("tasks", "/me", null);
        assertThat(record.key()).isNull();
        assertThat(record.headers().headers("ce_notbefore")).isEmpty();
        assertThat(record.headers().headers("ce_expirytime")).isEmpty();
        assertThat(record.headers().headers("traceparent")).isEmpty();
    }
}
