package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/**
 * Which labels an object must have, as {@code metav1.LabelSelector}. An empty selector selects
 * everything.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LabelSelector(
    @JsonPropertyDescription("Labels that must all be there with these values; 32 at most.")
        @Size(max = 32)
        Map<String, @Size(max = 63) String> matchLabels,
    @JsonPropertyDescription("Requirements that must all hold; 16 at most.")
        @Size(max = 16)
        @Listing
        List<Requirement> matchExpressions) {
  /** Fills in what is absent. */
  public LabelSelector {
    matchLabels = Absent.map(matchLabels);
    matchExpressions = Absent.list(matchExpressions);
  }

  /** One requirement on one label. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Requirement(
      @JsonPropertyDescription("The label's key.") @Size(min = 1, max = 317) String key,
      @JsonPropertyDescription("How values are compared: In, NotIn, Exists or DoesNotExist.")
          Operator operator,
      @JsonPropertyDescription("Values for In and NotIn; 32 at most.") @Size(max = 32) @Listing
          List<@Size(max = 63) String> values) {
    /** Fills in what is absent. */
    public Requirement {
      values = Absent.list(values);
    }
  }

  /** How a requirement compares. */
  public enum Operator {
    /** The label has one of the values. */
    In,
    /** The label has none of the values. */
    NotIn,
    /** The label is there. */
    Exists,
    /** The label is not there. */
    DoesNotExist
  }
}
