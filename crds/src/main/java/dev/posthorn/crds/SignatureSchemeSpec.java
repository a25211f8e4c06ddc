package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to sign and to verify. A descriptor without {@code headers} only verifies. Text in {@code
 * content}, {@code signature.item} and header values is literal but for placeholders in braces;
 * there are no functions and no conditions.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self == oldSelf",
    message = "a scheme is immutable: make one with another name")
@ValidationRule(
    value = "self.content.contains('{body}') || self.content.contains('{bodySha256Hex}')",
    message = "content must contain {body} or {bodySha256Hex}: otherwise the body is not signed")
@ValidationRule(
    value = "self.content.matches('^([^{}]|[{](" + SignatureSchemeSpec.PLACEHOLDER + ")[}])+$')",
    message =
        "content has an unknown placeholder: use {id} {timestamp} {body} {method} {url} {path} {host} {bodySha256Hex} {header:name} {json:/pointer}")
@ValidationRule(
    value = "!has(self.headers) || !self.content.replace('{bodySha256Hex}', '#').contains('}{')",
    message =
        "content joins two placeholders that a sender could shift against each other: put a literal between them, or leave out headers to verify only")
@ValidationRule(
    value = "!self.content.contains('{timestamp}') || has(self.timestamp)",
    message = "content has {timestamp}: say its form in timestamp")
@ValidationRule(
    value = "!has(self.headers) || !(self.algorithm in ['HmacSha1', 'EcdsaP256Sha256'])",
    message = "HmacSha1 and EcdsaP256Sha256 verify only: leave out headers")
@ValidationRule(
    value = "!has(self.headers) || self.headers.exists(h, h.value.contains('{signatures}'))",
    message = "no header carries {signatures}: a receiver could not verify")
@ValidationRule(
    value =
        "!has(self.headers) || self.headers.all(h, self.headers.exists_one(o, o.name.lowerAscii() == h.name.lowerAscii()))",
    message = "headers: names must differ by more than case: remove the repeated header")
@ValidationRule(
    value = "has(self.headers) || has(self.verify)",
    message = "give headers to sign, verify to verify, or both")
public record SignatureSchemeSpec(
    @JsonPropertyDescription(
            "HmacSha256, HmacSha512 or Ed25519; to verify only: HmacSha1, EcdsaP256Sha256.")
        Algorithm algorithm,
    @JsonPropertyDescription("How the text of a key becomes its bytes.") Key key,
    @JsonPropertyDescription(
            "What is signed: literals and {id} {timestamp} {body} {method} {url} {path} {host} {bodySha256Hex} {header:name} {json:/pointer}; at most 1024 characters.")
        @Size(min = 1, max = 1024)
        String content,
    @JsonPropertyDescription("Form of the timestamp; absent means that the scheme has none.")
        @Nullable Timestamp timestamp,
    @JsonPropertyDescription("How a signature is written.") Signature signature,
    @JsonPropertyDescription(
            "Headers that a signed request carries, at most 16; absent means verify only.")
        @Size(max = 16)
        @Listing(key = "name")
        List<Header> headers,
    @JsonPropertyDescription(
            "Where a request that is verified keeps its parts; absent means sign only.")
        @Nullable Verify verify) {
  static final String PLACEHOLDER =
      "id|timestamp|body|method|url|path|host|bodySha256Hex|header:[^{}]+|json:[^{}]*";

  /** Fills in what is absent. */
  public SignatureSchemeSpec {
    headers = Absent.list(headers);
  }

  /** Signature algorithms. */
  public enum Algorithm {
    /** HMAC with SHA-256, RFC 2104. */
    HmacSha256,
    /** HMAC with SHA-512, RFC 2104. */
    HmacSha512,
    /** Ed25519, RFC 8032. */
    Ed25519,
    /** HMAC with SHA-1; verifies only. */
    HmacSha1,
    /** ECDSA on P-256 with SHA-256, FIPS 186-5; verifies only. */
    EcdsaP256Sha256
  }

  /** How the text of a key becomes its bytes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Key(
      @JsonPropertyDescription("Utf8, Base64, Hex or Spki (a public key).") KeyEncoding encoding,
      @JsonPropertyDescription("Prefixes removed from the text before it is decoded, at most 8.")
          @Size(max = 8)
          List<@Size(min = 1, max = 32) String> stripPrefixes) {
    /** Fills in what is absent. */
    public Key {
      stripPrefixes = Absent.list(stripPrefixes);
    }
  }

  /** How the text of a key is read. */
  public enum KeyEncoding {
    /** The text's bytes. */
    Utf8,
    /** Base64, RFC 4648 section 4. */
    Base64,
    /** Hex. */
    Hex,
    /** A public key as SubjectPublicKeyInfo, RFC 5280, in base64 or PEM. */
    Spki
  }

  /** Form of the timestamp. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Timestamp(
      @JsonPropertyDescription("UnixSeconds (default), UnixMillis or Rfc3339.")
          TimestampFormat format,
      @JsonPropertyDescription(
              "Seconds that a timestamp may be off, in either direction, 1 to 86400; 300 by default.")
          @Min(1)
          @Max(Bounds.DAY_SECONDS)
          Integer toleranceSeconds) {
    /** Fills in what is absent. */
    public Timestamp {
      format = Absent.or(format, TimestampFormat.UnixSeconds);
      toleranceSeconds = Absent.or(toleranceSeconds, 300);
    }
  }

  /** How a timestamp is written. */
  public enum TimestampFormat {
    /** Seconds since 1970. */
    UnixSeconds,
    /** Milliseconds since 1970. */
    UnixMillis,
    /** RFC 3339 in UTC. */
    Rfc3339
  }

  /** How signatures are written into the place of {@code {signatures}}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "!has(self.item) || self.item.contains('{signature}')",
      message = "item must contain {signature}")
  public record Signature(
      @JsonPropertyDescription("HexLower or Base64.") SignatureEncoding encoding,
      @JsonPropertyDescription(
              "One signature: literals and {signature}; {signature} alone by default.")
          @Size(min = 1, max = 128)
          @Pattern(Bounds.HEADER_VALUE)
          String item,
      @JsonPropertyDescription(
              "What stands between two signatures, at most 8 characters; a space by default.")
          @Size(min = 1, max = 8)
          @Pattern(Bounds.HEADER_VALUE)
          String separator,
      @JsonPropertyDescription("AllValid (default: one signature for each key in force) or Single.")
          Keys keys) {
    /** Fills in what is absent. */
    public Signature {
      item = Absent.or(item, "{signature}");
      separator = Absent.or(separator, " ");
      keys = Absent.or(keys, Keys.AllValid);
    }
  }

  /** How the bytes of a signature are written. */
  public enum SignatureEncoding {
    /** Lower-case hex. */
    HexLower,
    /** Base64 with padding, RFC 4648 section 4. */
    Base64
  }

  /** How many signatures a request carries. */
  public enum Keys {
    /** One for each key in force. */
    AllValid,
    /** One; the SigningSecret's cutover says by which key. */
    Single
  }

  /** A header that a signed request carries. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value =
          "!(self.name.lowerAscii() in ['host', 'content-length', 'content-type', 'connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'])",
      message =
          "this header belongs to the connection: host, content-length, content-type and hop-by-hop headers cannot be set")
  public record Header(
      @JsonPropertyDescription(
              "Name of the header, unique without regard to case; not host, content-length, content-type or hop-by-hop.")
          @Size(min = 1, max = Bounds.TOKEN_MAX)
          @Pattern(Bounds.TOKEN)
          String name,
      @JsonPropertyDescription(
              "The value: literals, {signatures} and the placeholders of content; at most 1024 characters.")
          @Size(min = 1, max = 1024)
          @Pattern(Bounds.HEADER_VALUE)
          String value) {}

  /** Where a request that is verified keeps its parts. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Verify(
      @JsonPropertyDescription("The signatures.") HeaderItems signature,
      @JsonPropertyDescription("The timestamp; absent means that the scheme has none.")
          @Nullable Part timestamp,
      @JsonPropertyDescription("What replay defence dedupes on; absent means the signature itself.")
          @Nullable Part id) {}

  /** Items in a header. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record HeaderItems(
      @JsonPropertyDescription("Name of the header.")
          @Size(min = 1, max = Bounds.TOKEN_MAX)
          @Pattern(Bounds.TOKEN)
          String header,
      @JsonPropertyDescription("What stands between two items; absent means that there is one.")
          @Size(min = 1, max = 8)
          @Nullable String separator,
      @JsonPropertyDescription("What an item begins with; items without it are passed over.")
          @Size(min = 1, max = 64)
          @Nullable String itemPrefix) {}

  /** A part of a request: in a header, one item of a header, or in the JSON body. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "has(self.header) != has(self.jsonPointer)",
      message = "give exactly one of header and jsonPointer")
  @ValidationRule(
      value = "has(self.header) || (!has(self.separator) && !has(self.itemPrefix))",
      message = "separator and itemPrefix belong to header")
  public record Part(
      @JsonPropertyDescription("Name of the header; exactly one of header and jsonPointer.")
          @Size(min = 1, max = Bounds.TOKEN_MAX)
          @Pattern(Bounds.TOKEN)
          @Nullable String header,
      @JsonPropertyDescription("What stands between two items of the header.")
          @Size(min = 1, max = 8)
          @Nullable String separator,
      @JsonPropertyDescription("What the item begins with.") @Size(min = 1, max = 64)
          @Nullable String itemPrefix,
      @JsonPropertyDescription(
              "RFC 6901 pointer into the JSON body; exactly one of header and jsonPointer.")
          @Size(min = 1, max = 256)
          @Pattern("^(/[^/]*)+$")
          @Nullable String jsonPointer) {}
}
