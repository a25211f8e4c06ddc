package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of a stream. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EventStreamStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Accepted, ResolvedRefs, Programmed, Ready, Connected and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions,
    @JsonPropertyDescription("What is read: Redis or Kafka.")
        @OneOf({"Redis", "Kafka"})
        @Size(max = 32)
        @Nullable String kind) {
  /** Fills in what is absent. */
  public EventStreamStatus {
    conditions = Absent.list(conditions);
  }
}
