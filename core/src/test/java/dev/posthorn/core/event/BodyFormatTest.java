package dev.posthorn.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BodyFormatTest {
  private static final EventId ID = new EventId("msg_01kaps5g0000000000000000aa");
  private static final Instant ACCEPTED = Instant.parse("2026-11-22T10:00:00Z");
  private static final Instant HAPPENED = Instant.parse("2026-11-21T09:00:00.25Z");

  @Test
  void theEnvelopeHoldsOurIdTheTypeTheTimeAndTheDataAsPublished() {
    RenderedBody body =
        BodyFormat.ENVELOPE.render(bare(data("{ \"n\" : 1.00 }", "application/json")));
    assertThat(text(body))
        .isEqualTo(
            "{\"id\":\"msg_01kaps5g0000000000000000aa\",\"type\":\"order.created\","
                + "\"timestamp\":\"2026-11-22T10:00:00Z\",\"data\":{ \"n\" : 1.00 }}");
    assertThat(body.contentType()).isEqualTo("application/json");
    assertThat(body.headers()).isEmpty();
  }

  @Test
  void theTimestampIsTheProducersTimeWhereItGaveOne() {
    assertThat(text(BodyFormat.ENVELOPE.render(full(EventData.none()))))
        .contains("\"timestamp\":\"2026-11-21T09:00:00.250Z\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          hi "ä"    | text/plain               | "data":"hi \\"ä\\""}
          not json  | application/json         | "data":"not json"}
          <a/>      | application/atom+xml     | "data":"<a/>"}
          hi        |                          | "data":"hi"}
          hi        | application/octet-stream | "data":"aGk=","dataEncoding":"base64"}
          ``        |                          | "data":null}
          """)
  void dataThatIsNotJsonIsAStringOrBase64(String bytes, @Nullable String contentType, String end) {
    assertThat(text(BodyFormat.ENVELOPE.render(bare(data(bytes, contentType))))).endsWith(end);
  }

  @Test
  void textThatIsNotUtf8IsBase64() {
    EventData latin1 = EventData.of(new byte[] {(byte) 0xe4}, "text/plain");
    assertThat(text(BodyFormat.ENVELOPE.render(bare(latin1))))
        .endsWith("\"data\":\"5A==\",\"dataEncoding\":\"base64\"}");
  }

  @Test
  void dataIsSentByteForByteWithItsContentType() {
    byte[] bytes = {0, 1, (byte) 0xff};
    RenderedBody body = BodyFormat.DATA.render(bare(EventData.of(bytes, "image/png")));
    assertThat(body.bytes()).isSameAs(bytes);
    assertThat(body.contentType()).isEqualTo("image/png");
  }

  @Test
  void dataWithoutContentTypeIsTextOrOctets() {
    assertThat(BodyFormat.DATA.render(bare(data("hi", null))).contentType())
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(BodyFormat.DATA.render(bare(EventData.of(new byte[] {-1}, null))).contentType())
        .isEqualTo("application/octet-stream");
  }

  @ParameterizedTest
  @EnumSource(BodyFormat.class)
  void noBodyIsEverEmpty(BodyFormat format) {
    assertThat(format.render(bare(EventData.none())).bytes()).isNotEmpty();
    assertThat(format.render(bare(EventData.of(new byte[0], "text/plain"))).bytes()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(BodyFormat.class)
  void noTextOfARenderingShowsTheData(BodyFormat format) {
    Event event = full(data("{\"a\":\"canary\"}", "application/json"));
    assertThat(format.render(event) + " " + event).doesNotContain("canary");
  }

  @Test
  void aStructuredCloudEventHasTheProducersAttributes() {
    RenderedBody body = BodyFormat.CLOUD_EVENTS.render(full(data("[1]", "application/json")));
    assertThat(body.contentType()).isEqualTo("application/cloudevents+json");
    assertThat(text(body))
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"o-1\",\"source\":\"/shop\",\"type\":\"order.created\","
                + "\"subject\":\"ä %\",\"time\":\"2026-11-21T09:00:00.250Z\","
                + "\"dataschema\":\"https://s.example/1\",\"partitionkey\":\"p\","
                + "\"datacontenttype\":\"application/json\",\"data\":[1]}");
  }

  @Test
  void aCloudEventWithoutIdAndSourceGetsOurs() {
    assertThat(text(BodyFormat.CLOUD_EVENTS.render(bare(data("1", "application/json")))))
        .contains("\"id\":\"" + ID + "\",\"source\":\"posthorn\"");
  }

  @Test
  void aSourceThatIsNoUriReferenceIsMadeOne() {
    PublishedEvent published =
        new PublishedEvent(
            "t", "a", "my shöp|%", "1", null, null, EventData.none(), null, null, Map.of());
    String json = text(BodyFormat.CLOUD_EVENTS.render(new Event(ID, ACCEPTED, published)));
    assertThat(json).contains("\"source\":\"my%20sh%C3%B6p%7C%25\"");
    assertThat(URI.create("my%20sh%C3%B6p%7C%25").getPath()).isEqualTo("my shöp|%");
  }

  @Test
  void binaryModeHasAttributesAsHeaders() {
    RenderedBody body =
        BodyFormat.CLOUD_EVENTS_BINARY.render(full(data("[1]", "application/json")));
    assertThat(body.headers())
        .containsExactly(
            new Header("ce-specversion", "1.0"),
            new Header("ce-id", "o-1"),
            new Header("ce-source", "/shop"),
            new Header("ce-type", "order.created"),
            new Header("ce-subject", "%C3%A4%20%25"),
            new Header("ce-time", "2026-11-21T09:00:00.250Z"),
            new Header("ce-dataschema", "https://s.example/1"),
            new Header("ce-partitionkey", "p"));
    assertThat(text(body)).isEqualTo("[1]");
    assertThat(body.contentType()).isEqualTo("application/json");
  }

  @Test
  void aTransformsJsonIsTheBody() {
    RenderedBody body = RenderedBody.transformed("{}".getBytes(UTF_8));
    assertThat(body.contentType()).isEqualTo("application/json");
    assertThat(text(body)).isEqualTo("{}");
  }

  private static EventData data(String text, @Nullable String contentType) {
    return EventData.of(text.getBytes(UTF_8), contentType);
  }

  private static Event bare(EventData data) {
    return new Event(ID, ACCEPTED, PublishedEvent.of("acme", "order.created", data));
  }

  private static Event full(EventData data) {
    return new Event(
        ID,
        ACCEPTED,
        new PublishedEvent(
            "acme",
            "order.created",
            "/shop",
            "o-1",
            "ä %",
            HAPPENED,
            data,
            "https://s.example/1",
            null,
            Map.of("partitionkey", "p")));
  }

  private static String text(RenderedBody body) {
    return new String(body.bytes(), UTF_8);
  }
}
