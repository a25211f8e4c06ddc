package dev.posthorn.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final TenantRule STATED = TenantRule.stated();
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void theJsonFormIsReadWithAllItsFields() {
    PublishedEvent event =
        json(
            """
            {"tenant": "acme", "type": "order.created", "id": "o-1", "source": "/shop",
             "subject": "order 1", "time": "2026-11-22T11:00:00.5+01:00", "data": {"n": 1}}
            """);
    assertThat(event)
        .isEqualTo(
            new PublishedEvent(
                "acme",
                "order.created",
                "/shop",
                "o-1",
                "order 1",
                Instant.parse("2026-11-22T10:00:00.5Z"),
                EventData.of("{\"n\": 1}".getBytes(UTF_8), "application/json"),
                null,
                null,
                java.util.Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ \"a\" :\t1.0e+2 , \"b\":[ ] }",
        "\"text with \\u0041 \\\" escapes\"",
        "\"ä€😀\"",
        "-12.50",
        "0",
        "true",
        "null",
        "[ 1 ,2 , {\"a\":null} ]",
        "{\"a\":1,\"a\":2}",
        "{}"
      })
  void dataKeepsItsBytesWhereverItStands(String data) {
    for (String form :
        List.of(
            "{\"tenant\":\"t\",\"type\":\"a\",\"data\":%s}",
            "{\"data\":  %s  ,\"tenant\":\"t\",\"type\":\"a\"}",
            "{\"tenant\":\"t\",\n\"data\"\n:\n%s\n,\"type\":\"ä\"}")) {
      assertThat(new String(json(form.replace("%s", data)).data().bytes(), UTF_8)).isEqualTo(data);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"type":"a","data":1}                                | tenant  | missing
          {"tenant":"","type":"a","data":1}                    | tenant  | missing
          {"tenant":"-a","type":"a","data":1}                  | tenant  | letters
          {"tenant":"a/b","type":"a","data":1}                 | tenant  | letters
          {"tenant":null,"type":"a","data":1}                  | tenant  | missing
          {"tenant":"t","data":1}                              | type    | missing
          {"tenant":"t","type":7,"data":1}                     | type    | not a string
          {"tenant":"t","type":"posthorn.x","data":1}          | type    | Posthorn's own
          {"tenant":"t","type":"a\\u0000","data":1}            | type    | control character
          {"tenant":"t","type":"a"}                            | data    | missing
          {"tenant":"t","typ":"a","data":1}                    | typ     | tenant, type, data
          {"tenant":"t","type":"a","type":"b","data":1}        | type    | twice
          {"tenant":"t","type":"a","data":1,"time":"today"}    | time    | RFC 3339
          {"tenant":"t","type":"a","data":1,"time":"2026-11-22T10:00Z"} | time | RFC 3339
          {"tenant":"t","type":"a","data":1,"time":"9999-12-31T23:59:59-01:00"} | time | RFC 3339
          {"tenant":"t","type":"a","data":1,"id":"\\ud800"}    | id      | surrogate
          {"tenant":"t","type":"a","data":1,"source":["x"]}    | source  | not a string
          """)
  void aWrongFieldIsNamedWithItsCure(String body, String field, String detail) {
    Reading.Refused refused = refused("application/json", body);
    assertThat(refused.kind().status()).isEqualTo(422);
    assertThat(refused.field()).isEqualTo(field);
    assertThat(refused.detail()).contains(detail).contains(";");
  }

  @ParameterizedTest
  @CsvSource({"tenant,63,64", "type,256,257", "id,256,257", "source,512,513", "subject,512,513"})
  void boundsHoldToTheCharacter(String field, int most, int tooMany) {
    assertThat(EventReader.readJson(bounded(field, most), STATED))
        .isInstanceOf(Reading.Events.class);
    assertThat(((Reading.Refused) EventReader.readJson(bounded(field, tooMany), STATED)).field())
        .isEqualTo(field);
  }

  private static byte[] bounded(String field, int length) {
    String others = field.equals("tenant") ? "\"type\":\"a\"" : "\"tenant\":\"t\"";
    String type = field.equals("type") || field.equals("tenant") ? "" : ",\"type\":\"a\"";
    String text = "a".repeat(length);
    return ("{" + others + type + ",\"data\":1,\"" + field + "\":\"" + text + "\"}")
        .getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "{",
        "{\"tenant\":\"t\",\"type\":\"a\",\"data\":1} x",
        "{\"tenant\":\"t\",\"type\":\"a\",\"data\":1}{}",
        "{\"tenant\":\"t\",\"type\":\"a\",\"data\":secret}",
        "{\"tenant\":\"t\",\"type\":\"a\",\"data\":01}",
        "{\"tenant\":\"t\",\"type\":\"a\",\"data\":NaN}",
        "{'tenant':'t'}",
        "\uFEFF{\"tenant\":\"t\",\"type\":\"a\",\"data\":1}"
      })
  void whatIsNoJsonIsUnreadableAndNotQuoted(String body) {
    Reading.Refused refused = refused("application/json", body);
    assertThat(refused.kind().status()).isEqualTo(400);
    assertThat(refused.detail()).doesNotContain("secret").contains("; send");
  }

  @Test
  void otherEncodingsAreUnreadable() {
    String body = "{\"tenant\":\"t\",\"type\":\"a\",\"data\":\"ä\"}";
    for (var charset :
        List.of(
            java.nio.charset.StandardCharsets.UTF_16,
            java.nio.charset.StandardCharsets.UTF_16LE,
            java.nio.charset.StandardCharsets.ISO_8859_1)) {
      assertThat(kind(EventReader.readJson(body.getBytes(charset), STATED)))
          .isEqualTo(Reading.Kind.UNREADABLE);
    }
  }

  @Test
  void nestingBeyondTheBoundIsUnreadable() {
    String data = "[".repeat(10_000) + "]".repeat(10_000);
    assertThat(
            refused("application/json", "{\"tenant\":\"t\",\"type\":\"a\",\"data\":" + data + "}")
                .kind())
        .isEqualTo(Reading.Kind.UNREADABLE);
  }

  @Test
  void anArrayIsNotABatchOfTheJsonForm() {
    assertThat(refused("application/json", "[]").detail())
        .contains("application/cloudevents-batch+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/cloudevents+avro", "application/xml"})
  void otherContentTypesAreUnsupported(String contentType) {
    Reading.Refused refused = refused(contentType, "{}");
    assertThat(refused.kind().status()).isEqualTo(415);
    assertThat(refused.field()).isEqualTo("content-type");
    assertThat(refused.detail()).contains("application/json");
  }

  @Test
  void parametersAndCaseOfTheContentTypeDoNotMatter() {
    assertThat(
            read("Application/JSON; charset=utf-8", "{\"tenant\":\"t\",\"type\":\"a\",\"data\":1}"))
        .isInstanceOf(Reading.Events.class);
  }

  @Test
  void aReplacedTenantStandsWhateverTheRecordSays() {
    var rule = new TenantRule.Replaced("ns");
    for (String tenant : List.of("", "\"tenant\":\"other\",", "\"tenant\":\"not valid\",")) {
      byte[] body = ("{" + tenant + "\"type\":\"a\",\"data\":1}").getBytes(UTF_8);
      assertThat(only(EventReader.readJson(body, rule)).tenant()).isEqualTo("ns");
    }
  }

  @Test
  void anExpectedTenantMayBeLeftOutButNotChanged() {
    var rule = new TenantRule.Expected("acme");
    assertThat(
            only(EventReader.readJson("{\"type\":\"a\",\"data\":1}".getBytes(UTF_8), rule))
                .tenant())
        .isEqualTo("acme");
    Reading other =
        EventReader.readJson("{\"tenant\":\"b\",\"type\":\"a\",\"data\":1}".getBytes(UTF_8), rule);
    assertThat(((Reading.Refused) other).field()).isEqualTo("tenant");
  }

  @Test
  void aStructuredCloudEventKeepsItsAttributesAndData() {
    PublishedEvent event =
        only(
            read(
                "application/cloudevents+json",
                """
                {"specversion":"1.0","id":"1","source":"/s","type":"a.b","tenant":"acme",
                 "dataschema":"https://s.example/1","subject":"x","time":"2026-11-22T10:00:00Z",
                 "traceparent":"%s","partitionkey":"p","sequence":7,"sampled":true,"gone":null,
                 "data": {"n" : 1.00}}
                """
                    .formatted(TRACE)));
    assertThat(event.extensions())
        .containsExactly(
            java.util.Map.entry("partitionkey", "p"),
            java.util.Map.entry("sampled", "true"),
            java.util.Map.entry("sequence", "7"));
    assertThat(event.tenant()).isEqualTo("acme");
    assertThat(event.traceparent()).isEqualTo(TRACE);
    assertThat(event.dataSchema()).isEqualTo("https://s.example/1");
    assertThat(event.data())
        .isEqualTo(EventData.of("{\"n\" : 1.00}".getBytes(UTF_8), "application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "data":"<a/>","datacontenttype":"text/xml"                | TEXT   | <a/>
          "datacontenttype":"text/xml","data":"<a/>"                | TEXT   | <a/>
          "data":"x","datacontenttype":"application/x+json"         | JSON   | "x"
          "data_base64":"aGk=","datacontenttype":"image/png"        | BINARY | hi
          "data_base64":"e30=","datacontenttype":"application/json" | JSON   | {}
          "data_base64":"aGk="                                      | TEXT   | hi
          "data":null                                               | JSON   | null
          "subject":"none"                                          | NONE   | ``
          """)
  void dataOfACloudEventIsWhatItsContentTypeSays(String members, String form, String bytes) {
    EventData data =
        only(read(
                "application/cloudevents+json",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"a\",\"tenant\":\"t\","
                    + members
                    + "}"))
            .data();
    assertThat(data.form()).isEqualTo(EventData.Form.valueOf(form));
    assertThat(new String(data.bytes(), UTF_8)).isEqualTo(bytes == null ? "" : bytes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"1","source":"s","type":"a","tenant":"t"}                                   | specversion
          {"specversion":"0.3","id":"1","source":"s","type":"a","tenant":"t"}               | specversion
          {"specversion":"1.0","source":"s","type":"a","tenant":"t"}                        | id
          {"specversion":"1.0","id":"1","source":"","type":"a","tenant":"t"}                | source
          {"specversion":"1.0","id":"1","source":"s","tenant":"t"}                          | type
          {"specversion":"1.0","id":"1","source":"s","type":"a"}                            | tenant
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","Bad":"x"}     | Bad
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","x":{}}        | x
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","x":1.5}       | x
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","data_base64":"!"} | data_base64
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","data":1,"data_base64":"aGk="} | data_base64
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","data":1,"datacontenttype":"text/plain"} | data
          {"specversion":"1.0","id":"1","source":"s","type":"a","tenant":"t","data":"\\ud800","datacontenttype":"text/plain"} | data
          """)
  void aWrongAttributeIsNamed(String body, String field) {
    Reading.Refused refused = refused("application/cloudevents+json", body);
    assertThat(refused.kind()).isEqualTo(Reading.Kind.INVALID);
    assertThat(refused.field()).isEqualTo(field);
  }

  @Test
  void aBatchIsReadInOrderAndNamesTheEventAtFault() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"s\",\"type\":\"a\",\"tenant\":\"t\",\"data\": [%d]}";
    String two = event.formatted(1, 1) + " , " + event.formatted(2, 2);
    var events = (Reading.Events) read("application/cloudevents-batch+json", "[" + two + "]");
    assertThat(events.batch()).isTrue();
    assertThat(events.events()).extracting(PublishedEvent::id).containsExactly("1", "2");
    assertThat(new String(events.events().get(1).data().bytes(), UTF_8)).isEqualTo("[2]");
    assertThat(refused("application/cloudevents-batch+json", "[" + two + ",{}]").field())
        .isEqualTo("[2].specversion");
    assertThat(refused("application/cloudevents-batch+json", "[" + two + ",7]").field())
        .isEqualTo("[2]");
  }

  @Test
  void aBatchHoldsAThousandEventsAndNotOneMore() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"a\",\"tenant\":\"t\"}";
    String thousand = String.join(",", java.util.Collections.nCopies(1_000, event));
    assertThat(
            ((Reading.Events) read("application/cloudevents-batch+json", "[" + thousand + "]"))
                .events())
        .hasSize(1_000);
    assertThat(
            refused("application/cloudevents-batch+json", "[" + thousand + "," + event + "]")
                .kind())
        .isEqualTo(Reading.Kind.INVALID);
    assertThat(read("application/cloudevents-batch+json", "[]"))
        .isEqualTo(new Reading.Events(List.of(), true));
  }

  @Test
  void binaryModeTakesAttributesFromHeadersAndTheBodyAsItIs() {
    byte[] body = {1, 2, (byte) 0xff};
    PublishedEvent event =
        only(
            EventReader.read(
                headers(
                    "Content-Type: image/png",
                    "CE-Specversion: 1.0",
                    "ce-id: 1",
                    "ce-source: /a%20b",
                    "ce-type: \"a.b\"",
                    "ce-subject: %E2%82%AC",
                    "ce-tenant: acme",
                    "ce-partitionkey: p",
                    "traceparent: " + TRACE),
                body,
                STATED));
    assertThat(event.source()).isEqualTo("/a b");
    assertThat(event.type()).isEqualTo("a.b");
    assertThat(event.subject()).isEqualTo("€");
    assertThat(event.tenant()).isEqualTo("acme");
    assertThat(event.traceparent()).isEqualTo(TRACE);
    assertThat(event.extensions()).isEqualTo(java.util.Map.of("partitionkey", "p"));
    assertThat(event.data().bytes()).isSameAs(body);
    assertThat(event.data().form()).isEqualTo(EventData.Form.BINARY);
  }

  @ParameterizedTest
  @CsvSource({
    "ce-id: 2,ce-id",
    "ce-subject: %zz,ce-subject",
    "ce-subject: %E2%28%A1,ce-subject",
    "ce-time: now,time",
    "ce-a_b: x,a_b"
  })
  void aWrongHeaderIsNamed(String header, String field) {
    Reading.Refused refused = (Reading.Refused) binary("{}", header);
    assertThat(refused.kind()).isEqualTo(Reading.Kind.INVALID);
    assertThat(refused.field()).isEqualTo(field);
  }

  @Test
  void aBinaryBodyThatIsSaidToBeJsonHasToBeJson() {
    assertThat(kind(binary("{\"a\":", "ce-subject: s"))).isEqualTo(Reading.Kind.UNREADABLE);
    assertThat(only(binary(" {\"a\":1} ", "ce-subject: s")).data().form())
        .isEqualTo(EventData.Form.JSON);
  }

  @Test
  void aTraceContextThatIsNotWellFormedIsDropped() {
    for (String trace :
        List.of("x", TRACE.toUpperCase(java.util.Locale.ROOT), TRACE.replace("0af", "zzz"))) {
      List<Header> headers = headers("content-type: application/json", "traceparent: " + trace);
      byte[] body = "{\"tenant\":\"t\",\"type\":\"a\",\"data\":1}".getBytes(UTF_8);
      assertThat(only(EventReader.read(headers, body, STATED)).traceparent()).isNull();
    }
  }

  private static Reading binary(String body, String header) {
    return EventReader.read(
        headers(
            "content-type: application/json",
            "ce-specversion: 1.0",
            "ce-id: 1",
            "ce-source: s",
            "ce-type: a",
            "ce-tenant: t",
            header),
        body.getBytes(UTF_8),
        STATED);
  }

  private static PublishedEvent json(String body) {
    return only(read("application/json", body));
  }

  private static Reading read(String contentType, String body) {
    return EventReader.read(headers("content-type: " + contentType), body.getBytes(UTF_8), STATED);
  }

  private static Reading.Refused refused(String contentType, String body) {
    Reading reading = read(contentType, body);
    assertThat(reading).isInstanceOf(Reading.Refused.class);
    return (Reading.Refused) reading;
  }

  private static Reading.Kind kind(Reading reading) {
    return ((Reading.Refused) reading).kind();
  }

  static PublishedEvent only(Reading reading) {
    assertThat(reading).isInstanceOf(Reading.Events.class);
    return ((Reading.Events) reading).events().getFirst();
  }

  static List<Header> headers(String... lines) {
    var headers = new ArrayList<Header>();
    for (String line : lines) {
      int colon = line.indexOf(": ");
      headers.add(new Header(line.substring(0, colon), line.substring(colon + 2)));
    }
    return headers;
  }
}
