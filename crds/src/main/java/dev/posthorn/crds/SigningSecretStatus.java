package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of a keyring. It never shows a key. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SigningSecretStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Ready, Programmed, RotationAccepted and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions,
    @JsonPropertyDescription("Name of the Secret that holds the keys.")
        @Size(max = Bounds.SUBDOMAIN_MAX)
        @Nullable String keyringSecretName,
    @JsonPropertyDescription("Id of the newest key in force.") @Size(max = 64)
        @Nullable String activeKeyId,
    @JsonPropertyDescription("When the next key comes, RFC 3339; absent if none is planned.") @Time
        @Nullable String nextRotationTime,
    @JsonPropertyDescription("The keys, newest version last.")
        @Size(max = 128)
        @Listing(key = "version")
        List<Version> versions) {
  /** Fills in what is absent. */
  public SigningSecretStatus {
    conditions = Absent.list(conditions);
    versions = Absent.list(versions);
  }

  /** One key, without its material. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Version(
      @JsonPropertyDescription("Number of the key; it only grows.") @Min(1) Long version,
      @JsonPropertyDescription("Public id of the key; it says nothing about the key.")
          @Size(max = 64)
          String keyId,
      @JsonPropertyDescription("Staged, Active, Overlapping, Expired or Revoked.")
          @OneOf({"Staged", "Active", "Overlapping", "Expired", "Revoked"})
          @Size(max = 32)
          String state,
      @JsonPropertyDescription("When the key was made, RFC 3339.") @Time
          @Nullable String createdTime,
      @JsonPropertyDescription("When the key begins to sign, RFC 3339.") @Time
          @Nullable String notBefore,
      @JsonPropertyDescription("When the key stops signing, RFC 3339; absent while no end is set.")
          @Time
          @Nullable String expiresTime,
      @JsonPropertyDescription("When the key was revoked, RFC 3339.") @Time
          @Nullable String revokedTime,
      @JsonPropertyDescription("The public key, only with Ed25519.") @Size(max = 512)
          @Nullable String publicKey) {}
}
