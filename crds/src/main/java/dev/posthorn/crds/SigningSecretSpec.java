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
 * What a user wants of one keyring: made here ({@code generate}, also when neither is given) or
 * brought ({@code secretRef}).
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.generate) || !has(self.secretRef)",
    message = "give at most one of generate and secretRef")
@ValidationRule(
    value =
        "!has(self.algorithm) || !has(oldSelf.algorithm) || self.algorithm == oldSelf.algorithm",
    message =
        "algorithm is immutable: make a new SigningSecret and name it beside the old one in signatures")
@ValidationRule(
    value = "!has(self.secretRef) || !has(self.rotation) || !has(self.rotation.intervalSeconds)",
    message =
        "rotation.intervalSeconds works only with generate: a brought key rotates when the content of its Secret changes")
@ValidationRule(
    value =
        "!has(self.algorithm) || self.algorithm != 'Ed25519' || !has(self.generate) || !has(self.generate.bytes) || self.generate.bytes == 32",
    message = "generate.bytes must be 32 for Ed25519")
public record SigningSecretSpec(
    @JsonPropertyDescription(
            "What the keys are for: HmacSha256 (default), HmacSha512 or Ed25519; immutable.")
        Algorithm algorithm,
    @JsonPropertyDescription(
            "Keys are made here; the case too when neither generate nor secretRef is given.")
        @Conditional
        @Nullable Generate generate,
    @JsonPropertyDescription(
            "The key is brought in a Secret; a change of its content is a rotation.")
        @Nullable SecretKeyRef secretRef,
    @JsonPropertyDescription("When a new key comes and how long the former one keeps signing.")
        Rotation rotation,
    @JsonPropertyDescription("Keys that leaked: they sign nothing more, at once and everywhere.")
        @Nullable Revocation revocation,
    @JsonPropertyDescription(
            "What becomes of the keys when this object is deleted: Retain (default) or Delete.")
        DeletionPolicy deletionPolicy,
    @JsonPropertyDescription(
            "Name of a Secret to make for a receiver in the cluster: keys (all usable), current; public keys only with Ed25519.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.LABEL)
        @Nullable String verificationSecretName) {
  /** Fills in what is absent. */
  public SigningSecretSpec {
    algorithm = Absent.or(algorithm, Algorithm.HmacSha256);
    if (generate == null && secretRef == null) {
      generate = new Generate(Generate.BYTES, KeyFormat.Whsec, null);
    }
    rotation =
        Absent.or(
                rotation,
                new Rotation(
                    null, Rotation.OVERLAP_SECONDS, Rotation.MAX_OVERLAPPING, null, null, null))
            .withCutover(secretRef == null ? Cutover.AtOverlapEnd : Cutover.Immediately);
    deletionPolicy = Absent.or(deletionPolicy, DeletionPolicy.Retain);
  }

  /** What keys are for. */
  public enum Algorithm {
    /** HMAC with SHA-256, RFC 2104. */
    HmacSha256,
    /** HMAC with SHA-512, RFC 2104. */
    HmacSha512,
    /** Ed25519, RFC 8032. */
    Ed25519
  }

  /** How keys are made. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Generate(
      @JsonPropertyDescription("Length of a key in random bytes, 24 to 64; 32 by default.")
          @Min(24)
          @Max(64)
          Integer bytes,
      @JsonPropertyDescription(
              "How a key is written for its receiver: Whsec (default), Hex, Base64 or Utf8.")
          KeyFormat format,
      @JsonPropertyDescription(
              "An existing key that becomes version 1 instead of a random one; read once.")
          @Nullable SecretKeyRef firstFrom) {
    static final int BYTES = 32;

    /** Fills in what is absent. */
    public Generate {
      bytes = Absent.or(bytes, BYTES);
      format = Absent.or(format, KeyFormat.Whsec);
    }
  }

  /** How a key is written. */
  public enum KeyFormat {
    /** {@code whsec_} and base64, as Standard Webhooks has it. */
    Whsec,
    /** Lower-case hex. */
    Hex,
    /** Base64 with padding. */
    Base64,
    /** The text itself. */
    Utf8
  }

  /**
   * When keys change. Each change keeps the former key in force for the overlap, so that no
   * receiver breaks.
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Rotation(
      @JsonPropertyDescription(
              "Seconds from one key to the next, 86400 to 315360000, only with generate; absent means never by itself.")
          @Min(Bounds.DAY_SECONDS)
          @Max(315_360_000)
          @Nullable Integer intervalSeconds,
      @JsonPropertyDescription(
              "Seconds that a former key keeps signing beside the new one, 0 to 2592000; 86400 by default.")
          @Min(0)
          @Max(Bounds.MONTH_SECONDS)
          Integer overlapSeconds,
      @JsonPropertyDescription(
              "Former keys that may overlap at once, 1 to 8; 2 by default; a rotation beyond it is refused.")
          @Min(1)
          @Max(8)
          Integer maxOverlapping,
      @JsonPropertyDescription(
              "RFC 3339 time: from then on, rotates once if the newest key is older than it.")
          @Time
          @Nullable String rotateAfter,
      @JsonPropertyDescription(
              "Id of the key that the receiver has switched to: closes the overlaps of older keys.")
          @Size(min = 1, max = Bounds.KEY_ID_MAX)
          @Pattern(Bounds.KEY_ID)
          @Nullable String acknowledgedKeyId,
      @JsonPropertyDescription(
              "When schemes with one signature switch: AtOverlapEnd (default with generate) or Immediately (default with secretRef).")
          @Conditional
          @Nullable Cutover cutover) {
    static final int OVERLAP_SECONDS = Bounds.DAY_SECONDS;
    static final int MAX_OVERLAPPING = 2;

    /** Fills in what is absent; the spec fills in {@code cutover}. */
    public Rotation {
      overlapSeconds = Absent.or(overlapSeconds, OVERLAP_SECONDS);
      maxOverlapping = Absent.or(maxOverlapping, MAX_OVERLAPPING);
    }

    private Rotation withCutover(Cutover fallback) {
      return new Rotation(
          intervalSeconds,
          overlapSeconds,
          maxOverlapping,
          rotateAfter,
          acknowledgedKeyId,
          Absent.or(cutover, fallback));
    }
  }

  /** When a scheme that carries one signature switches to the new key. */
  public enum Cutover {
    /** It signs with the oldest key in force. */
    AtOverlapEnd,
    /** It signs with the newest key in force. */
    Immediately
  }

  /** Which keys leaked. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "has(self.createdBefore) || has(self.keyIds)",
      message = "revocation revokes nothing: give createdBefore or keyIds")
  public record Revocation(
      @JsonPropertyDescription("RFC 3339 time: revokes every key made before it.") @Time
          @Nullable String createdBefore,
      @JsonPropertyDescription("Ids of keys to revoke, at most 64.") @Size(max = 64)
          List<@Size(min = 1, max = Bounds.KEY_ID_MAX) @Pattern(Bounds.KEY_ID) String> keyIds,
      @JsonPropertyDescription(
              "PauseUntilAcknowledged (default: deliveries wait until the receiver has the new key) or ContinueWithNew; never unsigned.")
          WhenActiveRevoked whenActiveRevoked) {
    /** Fills in what is absent. */
    public Revocation {
      keyIds = Absent.list(keyIds);
      whenActiveRevoked = Absent.or(whenActiveRevoked, WhenActiveRevoked.PauseUntilAcknowledged);
    }
  }

  /** What happens when the revoked key was the one in force. */
  public enum WhenActiveRevoked {
    /** A successor is made; deliveries wait until it is acknowledged. */
    PauseUntilAcknowledged,
    /** A successor is made and signs at once. */
    ContinueWithNew
  }

  /** What becomes of the keys with their object. */
  public enum DeletionPolicy {
    /** They stay: an object of the same name finds them again. */
    Retain,
    /** They go. */
    Delete
  }
}
