package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/**
 * One entry of a core ConfigMap or Secret in the same namespace, for what need not be secret:
 * certificates of an authority.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfigKeyRef(
    @JsonPropertyDescription("What is referred to: ConfigMap (default) or Secret.") Kind kind,
    @JsonPropertyDescription(
            "Name of the object in the same namespace; it carries the label posthorn.dev/readable: \"true\".")
        @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
        @Pattern(Bounds.SUBDOMAIN)
        String name,
    @JsonPropertyDescription("Entry of the object's data; ca.crt by default.")
        @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
        @Pattern(Bounds.DATA_KEY)
        String key) {
  /** Fills in what is absent. */
  public ConfigKeyRef {
    kind = Absent.or(kind, Kind.ConfigMap);
    key = Absent.or(key, "ca.crt");
  }

  /** What may hold the entry. */
  public enum Kind {
    /** A core ConfigMap. */
    ConfigMap,
    /** A core Secret. */
    Secret
  }
}
