package dev.posthorn.core.signing;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What the placeholders of one request stand for. A header or JSON value that is not there is
 * empty, for sender and receiver alike.
 *
 * @param id empty when the scheme has none
 * @param timestamp the text as it is sent, which is what is signed; empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Values(
    String id, String timestamp, String method, String url, List<Header> headers, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  String text(Placeholder placeholder, String argument) {
    return switch (placeholder) {
      case ID -> id;
      case TIMESTAMP -> timestamp;
      case METHOD -> method;
      case URL -> url;
      case PATH -> path();
      case HOST -> uri().map(URI::getRawAuthority).orElse("");
      case BODY_SHA256_HEX -> bodySha256Hex();
      case HEADER -> HeaderLines.of(headers, argument).stream().findFirst().orElse("");
      case JSON -> pointed(body, JsonPointer.compile(argument)).orElse("");
      case BODY, SIGNATURE, SIGNATURES ->
          throw new IllegalArgumentException(placeholder + " is not text of a request");
    };
  }

  /** The scalar that {@code pointer} finds in a JSON body; empty if there is none. */
  static Optional<String> pointed(byte[] body, JsonPointer pointer) {
    try {
      JsonNode found = JSON.readTree(body).at(pointer);
      return found.isValueNode() && !found.isNull()
          ? Optional.of(found.asText())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String path() {
    String path = uri().map(URI::getRawPath).filter(p -> !p.isEmpty()).orElse("/");
    return uri().map(URI::getRawQuery).map(query -> path + "?" + query).orElse(path);
  }

  private Optional<URI> uri() {
    try {
      return Optional.of(new URI(url));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private String bodySha256Hex() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Values[id=" + id + ", bytes=" + body.length + "]";
  }
}
