package io.sluice.standalone.bench.subject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.record.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 42, 799_999, Integer.MAX_VALUE})
    void theNumberIsReadAtItsPlaceAndByAnyReaderOfJson(int task) throws Exception {
        byte[] value = Body.of(task, 200);

        assertThat(Body.task(value)).isEqualTo(task);
        JsonNode json = Json.mapper().readTree(value);
        assertThat(json.path("n").isInt()).isTrue();
        assertThat(json.path("n").intValue()).isEqualTo(task);
        assertThat(json.fieldNames()).toIterable().containsExactly("n", "pad");
    }

    @ParameterizedTest
    @ValueSource(ints = {25, 26, 200, 4_096, 900_000})
    void itHasAsManyBytesAsAskedFor(int bytes) throws Exception {
        assertThat(Body.of(0, bytes)).hasSize(bytes);
        assertThat(Body.of(Integer.MAX_VALUE, bytes)).hasSize(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 24})
    void itHasNoFewerBytesThanItTakes(int bytes) throws Exception {
        byte[] value = Body.of(5, bytes);

        assertThat(value).hasSize(Body.LEAST).hasSize(25);
        assertThat(Json.mapper().readTree(value).path("pad").textValue()).isEmpty();
        assertThat(Body.task(value)).isEqualTo(5);
    }
}
