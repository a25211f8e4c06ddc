package dev.posthorn.core.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The half of a scheme that signs.
 *
 * @param item one signature as it stands in the header
 * @param separator between the items of several keys
 * @param one whether the header has room for one signature only
 */
record Signing(
    Template content,
    Optional<TimestampForm> timestamp,
    TextForm form,
    Template item,
    String separator,
    boolean one,
    List<Line> headers) {

  private static final int MAX_ID = 128;

  /** A header to be set. */
  record Line(String name, Template value) {}

  List<String> headerNames() {
    return headers.stream().map(Line::name).toList();
  }

  /**
   * The headers of this half that it cannot share with {@code other} on one request. Shared is what
   * both write alike, and a list of signatures whose items a receiver can tell apart.
   */
  List<String> clashes(Signing other) {
    var clashes = new ArrayList<String>();
    for (Line line : headers) {
      for (Line theirs : other.headers) {
        if (line.name().equalsIgnoreCase(theirs.name()) && !shares(line, theirs, other)) {
          clashes.add(line.name());
        }
      }
    }
    return clashes;
  }

  private boolean shares(Line line, Line theirs, Signing other) {
    if (!line.value().equals(theirs.value())) {
      return false;
    }
    if (!line.value().uses(Placeholder.SIGNATURES)) {
      return !line.value().uses(Placeholder.TIMESTAMP)
          || timestamp
              .map(TimestampForm::format)
              .equals(other.timestamp.map(TimestampForm::format));
    }
    return isList(line.value())
        && !one
        && !other.one
        && separator.equals(other.separator)
        && !item.equals(other.item);
  }

  /** Nothing but the signatures, so that those of another scheme may follow. */
  private static boolean isList(Template value) {
    return value.segments().equals(List.of(new Template.Slot(Placeholder.SIGNATURES, "")));
  }

  List<Header> sign(List<SigningKey> newestFirst, Message message) {
    check(newestFirst);
    check(message.id());
    var values =
        new Values(
            message.id(),
            timestamp.map(t -> t.text(message.timestamp())).orElse(""),
            message.method(),
            message.url(),
            message.headers(),
            message.body());
    String signatures = signatures(newestFirst, values);
    var lines = new ArrayList<Header>(headers.size());
    for (Line header : headers) {
      lines.add(new Header(header.name(), header.value().text(values, signatures)));
    }
    return lines;
  }

  private void check(List<SigningKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "keys are empty: hold the delivery until the keyring has one that signs");
    }
    if (one && keys.size() > 1) {
      throw new IllegalArgumentException(
          "keys are "
              + keys.size()
              + " but the scheme carries one signature: take the signing set's one key");
    }
  }

  /** A dot or a line break in it could pass for another part of what is signed. */
  private static void check(String id) {
    if (id.isEmpty() || id.length() > MAX_ID || !id.chars().allMatch(Signing::isOfId)) {
      throw new IllegalArgumentException(
          "id is not 1 to " + MAX_ID + " letters, digits, - and _: give the event another one");
    }
  }

  private static boolean isOfId(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }

  private String signatures(List<SigningKey> keys, Values values) {
    byte[][] bytes = content.bytes(values);
    var text = new StringBuilder(64 * keys.size());
    for (SigningKey key : keys) {
      if (!text.isEmpty()) {
        text.append(separator);
      }
      item.append(values, form.write(key.signer().sign(bytes)), text);
    }
    return text.toString();
  }
}
