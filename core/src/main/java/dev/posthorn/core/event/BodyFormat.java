package dev.posthorn.core.event;

/** How an event becomes the body of a request ({@code WebhookEndpoint.spec.body.format}). */
public enum BodyFormat {
  /** {@code {"id","type","timestamp","data"}}; the default. */
  ENVELOPE("Envelope"),
  /** The data, byte for byte as published. */
  DATA("Data"),
  /** CloudEvents 1.0, structured JSON. */
  CLOUD_EVENTS("CloudEvents"),
  /** CloudEvents 1.0, HTTP binary mode: attributes as {@code ce-} headers, data as body. */
  CLOUD_EVENTS_BINARY("CloudEventsBinary");

  private final String yaml;

  BodyFormat(String yaml) {
    this.yaml = yaml;
  }

  /** The word used in resources. */
  public String yaml() {
    return yaml;
  }

  /** Renders {@code event}. Pure: the same event gives the same bytes. */
  public RenderedBody render(Event event) {
    return switch (this) {
      case ENVELOPE -> EnvelopeWriter.envelope(event);
      case DATA -> EnvelopeWriter.data(event);
      case CLOUD_EVENTS -> CloudEventWriter.structured(event);
      case CLOUD_EVENTS_BINARY -> CloudEventWriter.binary(event);
    };
  }
}
