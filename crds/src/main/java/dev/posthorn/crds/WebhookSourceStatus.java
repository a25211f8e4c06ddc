package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator reports of a source. It never shows the path's token. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WebhookSourceStatus(
    @JsonPropertyDescription("The generation of spec that this status was computed from.") @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription(
            "Accepted, ResolvedRefs, Programmed, Ready and, when only a change helps, Stalled.")
        @Size(max = 16)
        @Listing(key = "type")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "The path with the slug, or the name of the Secret that holds the path with the token.")
        @Size(max = 512)
        @Nullable String path) {
  /** Fills in what is absent. */
  public WebhookSourceStatus {
    conditions = Absent.list(conditions);
  }
}
