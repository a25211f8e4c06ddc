package dev.posthorn.dispatcher.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.expression.Expressions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryReaderTest {
  private static final int LIMIT = 1_000;
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final StreamConfig.Mapping FROM_FIELDS =
      new StreamConfig.Mapping(
          "record.tenant", "record.type", "record.id", "record.at", "record.payload");

  @Test
  void readsTheJsonFormFromTheOnlyField() {
    PublishedEvent event =
        event(
            read(
                json(null),
                Map.of(
                    "anything", "{\"tenant\":\"acme\",\"type\":\"order.created\",\"data\":{}}")));
    assertThat(event.tenant()).isEqualTo("acme");
    assertThat(event.type()).isEqualTo("order.created");
  }

  @Test
  void amongSeveralFieldsTheEventIsInTheOneOfThatName() {
    String json = "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":1}";
    assertThat(event(read(json(null), Map.of("trace", "x", "event", json))).type()).isEqualTo("a");
    assertThat(unmappable(read(json(null), Map.of("trace", "x", "json", json))).message())
        .contains("none is called \"event\"");
  }

  @Test
  void readsACloudEvent() {
    String json =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"shop\",\"type\":\"a\",\"tenant\":\"acme\"}";
    PublishedEvent event =
        event(read(config(StreamConfig.Format.CLOUD_EVENTS, null, null, null), Map.of("e", json)));
    assertThat(event.id()).isEqualTo("1");
    assertThat(event.source()).isEqualTo("shop");
  }

  @Test
  void mapsFields() {
    var fields = new LinkedHashMap<String, String>();
    fields.put("tenant", "acme");
    fields.put("type", "order.created");
    fields.put("id", "42");
    fields.put("at", "2026-11-22T09:00:00Z");
    fields.put("payload", "{\"a\":1}");
    PublishedEvent event =
        event(read(config(StreamConfig.Format.FIELDS, FROM_FIELDS, null, null), fields));
    assertThat(event.id()).isEqualTo("42");
    assertThat(event.time()).isEqualTo("2026-11-22T09:00:00Z");
    assertThat(new String(event.data().bytes(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
  }

  @Test
  void anEntryWithoutAnIdIsKnownByItsPlace() {
    PublishedEvent event =
        event(read(json(null), Map.of("e", "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":1}")));
    assertThat(event.id()).isEqualTo("orders/1-0");
  }

  @Test
  void inATenantsStreamTheTenantIsWhoseStreamItIs() {
    PublishedEvent event =
        event(read(json("globex"), Map.of("e", "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":1}")));
    assertThat(event.tenant()).isEqualTo("globex");
  }

  @Test
  void theFilterLeavesOut() {
    StreamConfig config = config(StreamConfig.Format.JSON, null, "event.type != \"debug\"", null);
    assertThat(read(config, Map.of("e", "{\"tenant\":\"t\",\"type\":\"debug\",\"data\":1}")))
        .isInstanceOf(EntryReading.Filtered.class);
    assertThat(read(config, Map.of("e", "{\"tenant\":\"t\",\"type\":\"a\",\"data\":1}")))
        .isInstanceOf(EntryReading.Mapped.class);
  }

  @Test
  void aTrimmedEntryIsSaidToBeSo() {
    EntryReading reading = reader(json(null)).read(new StreamEntry("1-0", null), NOW, LIMIT);
    assertThat(reading).isInstanceOf(EntryReading.Trimmed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no json                                    | unreadable",
        "{\"type\":\"a\",\"data\":1}                | mapping",
        "{\"tenant\":\"t\",\"data\":1}              | mapping",
        "{\"tenant\":\"t\",\"type\":\"a\"}          | mapping",
        "[1,2]                                      | mapping",
      })
  void whatIsNoEventIsRejectedWithAReason(String json, String reason) {
    EntryReading.Unmappable bad = unmappable(read(json(null), Map.of("e", json)));
    assertThat(bad.reason()).isEqualTo(reason);
    assertThat(bad.message()).isNotBlank();
    assertThat(new String(bad.payload(), StandardCharsets.UTF_8)).isEqualTo(json);
  }

  @Test
  void tooMuchDataIsRejectedWithoutKeepingIt() {
    String json = "{\"tenant\":\"t\",\"type\":\"a\",\"data\":\"" + "x".repeat(LIMIT) + "\"}";
    EntryReading.Unmappable bad = unmappable(read(json(null), Map.of("e", json)));
    assertThat(bad.reason()).isEqualTo("too_large");
    assertThat(bad.payload()).isEmpty();
  }

  @Test
  void fieldsThatAreNoTextAreRejected() {
    StreamConfig config = config(StreamConfig.Format.FIELDS, FROM_FIELDS, null, null);
    EntryReading reading =
        reader(config)
            .read(new StreamEntry("1-0", Map.of("type", new byte[] {(byte) 0xff})), NOW, LIMIT);
    assertThat(unmappable(reading).message()).contains("type", "UTF-8");
  }

  private static EntryReading read(StreamConfig config, Map<String, String> fields) {
    var bytes = new LinkedHashMap<String, byte[]>();
    fields.forEach((name, value) -> bytes.put(name, value.getBytes(StandardCharsets.UTF_8)));
    return reader(config).read(new StreamEntry("1-0", bytes), NOW, LIMIT);
  }

  private static EntryReader reader(StreamConfig config) {
    return new EntryReader(config, new Expressions(System::nanoTime));
  }

  private static StreamConfig json(@Nullable String tenant) {
    return config(StreamConfig.Format.JSON, null, null, tenant);
  }

  private static StreamConfig config(
      StreamConfig.Format format,
      StreamConfig.@Nullable Mapping mapping,
      @Nullable String filter,
      @Nullable String tenant) {
    return new StreamConfig(
        new ResourceName("default", "orders"),
        false,
        tenant,
        false,
        new StreamConfig.Redis(
            "127.0.0.1:1", false, null, "orders", "g", StreamConfig.StartFrom.BEGINNING),
        format,
        mapping,
        filter);
  }

  private static PublishedEvent event(EntryReading reading) {
    assertThat(reading).isInstanceOf(EntryReading.Mapped.class);
    return ((EntryReading.Mapped) reading).event();
  }

  private static EntryReading.Unmappable unmappable(EntryReading reading) {
    assertThat(reading).isInstanceOf(EntryReading.Unmappable.class);
    return (EntryReading.Unmappable) reading;
  }
}
