package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of a scheme. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SignatureSchemeStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Accepted, Ready and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions) {
  /** Fills in what is absent. */
  public SignatureSchemeStatus {
    conditions = Absent.list(conditions);
  }
}
