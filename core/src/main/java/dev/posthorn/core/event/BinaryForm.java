package dev.posthorn.core.event;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents HTTP protocol binding 1.0.2, binary mode: an attribute is a header {@code ce-<name>},
 * the body is the data, its {@code content-type} the data's. The tenant is {@code ce-tenant}.
 */
final class BinaryForm {
  static final String PREFIX = "ce-";

  private BinaryForm() {}

  static PublishedEvent event(
      List<Header> headers, @Nullable String contentType, byte[] body, TenantRule tenant)
      throws RefusedException {
    var attributes = new CloudEventAttributes(PREFIX);
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.equals("traceparent")) {
        attributes.traceparent(header.value());
      }
    }
    for (Header header : headers) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        attributes.put(name.substring(PREFIX.length()), decoded(name, header.value()));
      }
    }
    return attributes.event(data(contentType, body), tenant);
  }

  private static String decoded(String name, String value) throws RefusedException {
    return HeaderText.decode(value)
        .orElseThrow(() ->
            RefusedException.invalid(
                JsonReading.shown(name),
                JsonReading.shown(name) + " is not percent-encoded UTF-8; encode it again"));
  }

  /** A body that is said to be JSON has to be JSON; what is not said to be is taken as it is. */
  private static EventData data(@Nullable String contentType, byte[] body) throws RefusedException {
    EventData data = EventData.of(body, contentType);
    boolean broken =
        contentType != null
            && MediaTypes.isJson(contentType)
            && body.length > 0
            && data.form() != EventData.Form.JSON;
    if (broken) {
      throw RefusedException.unreadable(
          null, "the body is not the JSON that content-type says; send JSON in UTF-8");
    }
    return data;
  }
}
