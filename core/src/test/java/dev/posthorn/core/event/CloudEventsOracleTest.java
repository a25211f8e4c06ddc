package dev.posthorn.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.v1.CloudEventV1;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * CloudEvents in and out against the reference implementation: what it would build from the same
 * attributes is what we read and write.
 */
class CloudEventsOracleTest {
  private static final EventId ID = new EventId("msg_01kaps5g0000000000000000aa");
  private static final TenantRule TENANT = new TenantRule.Expected("acme");

  @Property(tries = 300)
  void binaryModeOutIsTheOraclesEventAndReadsBackAsTheSame(
      @ForAll("events") PublishedEvent published) {
    RenderedBody body = BodyFormat.CLOUD_EVENTS_BINARY.render(event(published));
    List<Header> headers = new ArrayList<>(body.headers());
    headers.add(new Header("content-type", body.contentType()));
    assertThat(attributes(headers)).isEqualTo(attributes(oracle(published)));
    assertThat(EventReader.read(headers, body.bytes(), TENANT))
        .isEqualTo(new Reading.Events(List.of(published), false));
  }

  @Property(tries = 300)
  void structuredModeReadsBackAsTheSame(@ForAll("events") PublishedEvent published) {
    RenderedBody body = BodyFormat.CLOUD_EVENTS.render(event(published));
    List<Header> headers = List.of(new Header("content-type", body.contentType()));
    assertThat(EventReader.read(headers, body.bytes(), TENANT))
        .isEqualTo(new Reading.Events(List.of(published), false));
  }

  @Property(tries = 100)
  void aBatchOfStructuredEventsReadsBackInOrder(
      @ForAll("events") PublishedEvent a, @ForAll("events") PublishedEvent b) {
    String batch = "[" + structured(a) + ",\n" + structured(b) + "]";
    List<Header> headers =
        List.of(new Header("content-type", "application/cloudevents-batch+json"));
    assertThat(EventReader.read(headers, batch.getBytes(UTF_8), TENANT))
        .isEqualTo(new Reading.Events(List.of(a, b), true));
  }

  private static String structured(PublishedEvent published) {
    return new String(BodyFormat.CLOUD_EVENTS.render(event(published)).bytes(), UTF_8);
  }

  private static Event event(PublishedEvent published) {
    return new Event(ID, Instant.EPOCH, published);
  }

  private static CloudEvent oracle(PublishedEvent published) {
    CloudEventBuilder builder =
        CloudEventBuilder.v1()
            .withId(String.valueOf(published.id()))
            .withSource(URI.create(published.source()))
            .withType(published.type())
            .withSubject(published.subject())
            .withTime(Instant.parse(String.valueOf(published.time())).atOffset(ZoneOffset.UTC));
    published.extensions().forEach(builder::withExtension);
    return builder.build();
  }

  private static Map<String, String> attributes(CloudEvent event) {
    Map<String, String> attributes = new TreeMap<>();
    for (String name : event.getAttributeNames()) {
      Object value = event.getAttribute(name);
      if (value != null) {
        attributes.put(name, value.toString());
      }
    }
    event
        .getExtensionNames()
        .forEach(n -> attributes.put(n, String.valueOf(event.getExtension(n))));
    return attributes;
  }

  private static Map<String, String> attributes(List<Header> headers) {
    Map<String, String> attributes = new TreeMap<>();
    for (Header header : headers) {
      if (header.name().startsWith("ce-")) {
        attributes.put(header.name().substring(3), HeaderText.decode(header.value()).orElseThrow());
      }
    }
    String time = attributes.get(CloudEventV1.TIME);
    attributes.put(
        CloudEventV1.TIME, Instant.parse(String.valueOf(time)).atOffset(ZoneOffset.UTC).toString());
    return attributes;
  }

  @Provide
  Arbitrary<PublishedEvent> events() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withChars("abzäöß€😀 %\"\\/.,:;=+-_'(){}[]<>")
            .ofMinLength(1)
            .ofMaxLength(40)
            .filter(AttributeRules::hasWholeCharacters);
    Arbitrary<String> source = Arbitraries.of("/a", "urn:x:1", "https://a.example/b?c=d%20e", "x");
    Arbitrary<Instant> time =
        Arbitraries.longs().between(0, 4_000_000_000_000L).map(Instant::ofEpochMilli);
    Arbitrary<Map<String, String>> extensions =
        Arbitraries.maps(Arbitraries.of("partitionkey", "x1", "zz"), text).ofMaxSize(3);
    return Combinators.combine(text, text, source, text, time, data(), extensions)
        .as((id, type, origin, subject, at, data, more) ->
            new PublishedEvent(
                "acme", type, origin, id, subject, at, data, null, null, new TreeMap<>(more)));
  }

  private static Arbitrary<EventData> data() {
    Arbitrary<EventData> json =
        Arbitraries.of("{}", "[1, 2.50]", "\"ä\\u0041\"", "null", " {\"a\" :1 }")
            .map(String::strip)
            .map(text -> EventData.of(text.getBytes(UTF_8), "application/json"));
    Arbitrary<EventData> text =
        Arbitraries.of("hi", "ä\"\\\n\u0001", "{}")
            .map(value -> EventData.of(value.getBytes(UTF_8), "text/plain"));
    Arbitrary<EventData> binary =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMinSize(1)
            .ofMaxSize(50)
            .map(bytes -> EventData.of(bytes, "application/octet-stream"));
    return Arbitraries.oneOf(json, text, binary);
  }
}
