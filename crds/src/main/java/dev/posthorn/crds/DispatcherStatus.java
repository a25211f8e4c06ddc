package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of an installation. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DispatcherStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Ready, Available and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions,
    @JsonPropertyDescription("Where deliveries are stored: Sqlite or Postgres.")
        @OneOf({"Sqlite", "Postgres"})
        @Size(max = 32)
        @Nullable String store,
    @JsonPropertyDescription("Pods that are ready.") @Min(0) @Nullable Integer readyPods,
    @JsonPropertyDescription("Endpoints that are configured.") @Min(0) @Nullable Integer endpoints,
    @JsonPropertyDescription("Tenants that have an endpoint, a stream or a source.") @Min(0)
        @Nullable Integer tenants) {
  /** Fills in what is absent. */
  public DispatcherStatus {
    conditions = Absent.list(conditions);
  }
}
