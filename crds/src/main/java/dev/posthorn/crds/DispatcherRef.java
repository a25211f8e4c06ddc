package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The Dispatcher that an object belongs to: the only reference that may leave the namespace. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record DispatcherRef(
    @JsonPropertyDescription(
            "Namespace of the Dispatcher; absent means the object's own namespace.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.LABEL)
        @Nullable String namespace,
    @JsonPropertyDescription("Name of the Dispatcher, 40 characters at most; default by default.")
        @Size(min = 1, max = Bounds.DISPATCHER_MAX)
        @Pattern(Bounds.LABEL)
        String name) {
  /** Fills in what is absent. */
  public DispatcherRef {
    name = Absent.or(name, "default");
  }
}
