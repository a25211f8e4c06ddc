package dev.posthorn.core.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.TenantRule;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {
  private static final Expressions EXPRESSIONS = new Expressions(() -> 0L);

  @Test
  void aJsonRecordBecomesAnEvent() {
    PublishedEvent event =
        mapped(
            mapping("record.tenant", "'order.' + record.kind"),
            json(
                """
                {"tenant": "acme", "kind": "paid", "id": 42, "at": "2026-11-22T10:00:00Z",
                 "payload": {"a": [1, null]}}
                """));
    assertThat(event.tenant()).isEqualTo("acme");
    assertThat(event.type()).isEqualTo("order.paid");
    assertThat(event.id()).isEqualTo("42");
    assertThat(event.time()).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
    assertThat(event.data())
        .isEqualTo(EventData.of("{\"a\":[1,null]}".getBytes(UTF_8), "application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a": 1} | JSON | {"a": 1}
          hello    | TEXT | hello
          123      | JSON | 123
          """)
  void aFieldThatIsJsonIsTheDataAsItStands(String text, String form, String bytes) {
    RecordVariables record =
        RecordVariables.ofFields(
            Map.of("tenant", "t", "id", "1", "at", "2026-11-22T10:00:00Z", "payload", text));
    EventData data = mapped(mapping("record.tenant", "'a'"), record).data();
    assertThat(data.form()).isEqualTo(EventData.Form.valueOf(form));
    assertThat(new String(data.bytes(), UTF_8)).isEqualTo(bytes);
  }

  @Test
  void aTextOfAJsonRecordStaysAJsonString() {
    RecordVariables record = json("{\"id\":null,\"at\":null,\"payload\":\"{}\",\"tenant\":\"t\"}");
    PublishedEvent event = mapped(mapping("record.tenant", "'a'"), record);
    assertThat(new String(event.data().bytes(), UTF_8)).isEqualTo("\"{}\"");
    assertThat(event.id()).isNull();
    assertThat(event.time()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"1","at":null,"payload":1}                               | tenant | no such member
          {"tenant":7,"id":"1","at":null,"payload":1}                    | tenant | no text
          {"tenant":"a b","id":"1","at":null,"payload":1}                | tenant | letters
          {"tenant":"t","id":[],"at":null,"payload":1}                   | id     | no text
          {"tenant":"t","id":"1","at":"s3cr3t","payload":1}              | time   | RFC 3339
          {"tenant":"t","id":"1","at":null}                              | data   | no such member
          """)
  void aRecordThatDoesNotFitIsUnmappedWithTheAttribute(String record, String field, String reason) {
    assertThat(mapping("record.tenant", "'a'").apply(json(record), TenantRule.stated()))
        .isInstanceOfSatisfying(
            MappingOutcome.Unmapped.class,
            unmapped -> {
              assertThat(unmapped.field()).isEqualTo(field);
              assertThat(unmapped.reason()).contains(reason).doesNotContain("s3cr3t");
            });
  }

  @Test
  void theNamespaceStandsWhateverTheRecordSays() {
    Mapping mapping = mapping("record.tenant", "'a'");
    MappingOutcome outcome =
        mapping.apply(
            json("{\"tenant\":\"x\",\"id\":null,\"at\":null,\"payload\":1}"),
            new TenantRule.Replaced("ns"));
    assertThat(((MappingOutcome.Mapped) outcome).event().tenant()).isEqualTo("ns");
  }

  @Test
  void aFindingNamesTheAttribute() {
    Compilation<Mapping> compilation =
        EXPRESSIONS.mapping(new MappingExpressions("record.t", "recrd.type", null, null, null));
    assertThat(((Compilation.Invalid<Mapping>) compilation).finding().message())
        .startsWith("line 1, column 1: type: ")
        .contains("the variable is record");
  }

  @Test
  void aRecordThatIsNoJsonObjectIsNone() {
    for (String text : new String[] {"[]", "1", "{", ""}) {
      assertThat(RecordVariables.ofJson(text.getBytes(UTF_8))).isEmpty();
    }
  }

  private static Mapping mapping(@Nullable String tenant, String type) {
    return FilterTest.compiled(
        EXPRESSIONS.mapping(
            new MappingExpressions(tenant, type, "record.id", "record.at", "record.payload")));
  }

  private static RecordVariables json(String text) {
    return RecordVariables.ofJson(text.getBytes(UTF_8)).orElseThrow();
  }

  private static PublishedEvent mapped(Mapping mapping, RecordVariables record) {
    MappingOutcome outcome = mapping.apply(record, TenantRule.stated());
    assertThat(outcome).isInstanceOf(MappingOutcome.Mapped.class);
    return ((MappingOutcome.Mapped) outcome).event();
  }
}
