package dev.posthorn.core.keyring;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.crds.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code keyring.json}: the stored form of a {@link Keyring}, with a checksum over all the rest.
 *
 * <p>Material is base64 of the configured bytes and passes through no {@code String}. The checksum
 * tells damage and hand-made changes, not an attacker: whoever may write the file may also compute
 * it.
 */
public final class KeyringJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private KeyringJson() {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Document(
      @Nullable String keyringId,
      long revision,
      @Nullable String observedTime,
      @Nullable String algorithm,
      @Nullable List<Entry> versions,
      @Nullable List<String> revokedDigests,
      @Nullable String sha256) {
    Document withChecksum(@Nullable String checksum) {
      return new Document(
          keyringId, revision, observedTime, algorithm, versions, revokedDigests, checksum);
    }
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(
      int version,
      @Nullable String keyId,
      byte @Nullable [] material,
      @Nullable String createdTime,
      @Nullable String notBefore,
      @Nullable String expiresTime,
      @Nullable String revokedTime) {}

  /** UTF-8 JSON on one line; the caller wipes it once it is stored. */
  public static byte[] write(Keyring keyring) {
    Document rest =
        new Document(
            keyring.keyringId(),
            keyring.revision(),
            keyring.observedTime().toString(),
            keyring.algorithm(),
            keyring.versions().stream().map(KeyringJson::entry).toList(),
            keyring.revokedDigests(),
            null);
    byte[] json = json(rest.withChecksum(checksum(rest)));
    wipe(rest);
    return json;
  }

  /** Reads what {@link #write} wrote, and nothing else. */
  public static KeyringReading read(byte[] json) {
    Document document;
    try {
      document = JSON.readValue(json, Document.class);
    } catch (JsonProcessingException e) {
      // Jackson's message quotes the source, which is key material.
      return damaged("is not the JSON of a keyring that this version knows");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return checked(document);
    } finally {
      wipe(document);
    }
  }

  private static KeyringReading checked(@Nullable Document document) {
    if (document == null || document.sha256() == null) {
      return damaged("has no checksum");
    }
    String actual = checksum(document.withChecksum(null));
    if (!actual.equals(document.sha256())) {
      return damaged("does not match its checksum: it was damaged or altered by hand");
    }
    try {
      return new KeyringReading.Intact(keyring(document));
    } catch (DateTimeException | MissingField e) {
      return damaged("lacks a field or holds a time that is not RFC 3339");
    }
  }

  private static Keyring keyring(Document document) {
    return new Keyring(
        present(document.keyringId()),
        document.revision(),
        Instant.parse(present(document.observedTime())),
        present(document.algorithm()),
        present(document.versions()).stream().map(KeyringJson::version).toList(),
        present(document.revokedDigests()));
  }

  private static KeyVersion version(Entry entry) {
    byte[] material = entry.material();
    return new KeyVersion(
        entry.version(),
        present(entry.keyId()),
        material == null ? null : KeyMaterial.of(material),
        Instant.parse(present(entry.createdTime())),
        new KeyTimes(
            time(entry.notBefore()), time(entry.expiresTime()), time(entry.revokedTime())));
  }

  private static Entry entry(KeyVersion version) {
    KeyMaterial material = version.material();
    KeyTimes times = version.times();
    return new Entry(
        version.version(),
        version.keyId(),
        material == null ? null : material.bytes(),
        version.createdTime().toString(),
        text(times.notBefore()),
        text(times.expiresTime()),
        text(times.revokedTime()));
  }

  private static String checksum(Document withoutChecksum) {
    byte[] json = json(withoutChecksum);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  private static byte[] json(Document document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("strings and numbers always have a JSON form", e);
    }
  }

  private static void wipe(@Nullable Document document) {
    if (document != null && document.versions() != null) {
      for (Entry entry : document.versions()) {
        Optional.ofNullable(entry)
            .map(Entry::material)
            .ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
      }
    }
  }

  private static KeyringReading damaged(String what) {
    return new KeyringReading.Damaged(
        new KeyringFinding(
            Reason.KeyringLost,
            "keyring.json",
            "keyring " + what + ": restore it from a backup or from the dispatcher's copy"));
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new MissingField();
    }
    return value;
  }

  /** A field that every keyring has is absent. */
  private static final class MissingField extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
