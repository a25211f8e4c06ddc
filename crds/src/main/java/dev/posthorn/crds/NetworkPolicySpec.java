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

/** NetworkPolicies of the pods. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkPolicySpec(
    @JsonPropertyDescription("Managed (default: the operator makes them) or None.") Mode mode,
    @JsonPropertyDescription(
            "Ranges of the API server, where its EndpointSlice does not show them, at most 64.")
        @Size(max = 64)
        List<@Size(min = 1, max = Bounds.CIDR_MAX) @Pattern(Bounds.CIDR) String> apiServerCidrs,
    @JsonPropertyDescription("What pods may reach besides, such as a broker, at most 64.")
        @Size(max = 64)
        @Listing
        List<Peer> egressTo,
    @JsonPropertyDescription(
            "Who may reach the pods' HTTP port, at most 64; empty means everyone in the cluster.")
        @Size(max = 64)
        @Listing
        List<Peer> ingressFrom) {
  /** Fills in what is absent. */
  public NetworkPolicySpec {
    mode = Absent.or(mode, Mode.Managed);
    apiServerCidrs = Absent.list(apiServerCidrs);
    egressTo = Absent.list(egressTo);
    ingressFrom = Absent.list(ingressFrom);
  }

  /** Who makes NetworkPolicies. */
  public enum Mode {
    /** The operator. */
    Managed,
    /** Nobody, or you. */
    None
  }

  /** A peer of a NetworkPolicy, with ports. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @ValidationRule(
      value = "has(self.cidr) != (has(self.namespaceSelector) || has(self.podSelector))",
      message = "give either cidr, or namespaceSelector and podSelector")
  public record Peer(
      @JsonPropertyDescription("A range.")
          @Size(min = 1, max = Bounds.CIDR_MAX)
          @Pattern(Bounds.CIDR)
          @Nullable String cidr,
      @JsonPropertyDescription("Namespaces by label; absent means the Dispatcher's own.")
          @Nullable LabelSelector namespaceSelector,
      @JsonPropertyDescription("Pods by label; absent means all pods of those namespaces.")
          @Nullable LabelSelector podSelector,
      @JsonPropertyDescription("TCP ports, at most 64; absent means all.") @Size(max = 64)
          List<@Min(1) @Max(65_535) Integer> ports) {
    /** Fills in what is absent. */
    public Peer {
      ports = Absent.list(ports);
    }
  }
}
