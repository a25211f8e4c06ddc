package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** An object of one of our kinds in the same namespace; the field says of which. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ObjectRef(
    @JsonPropertyDescription("Name of the object in the same namespace.")
        @Size(min = 1, max = Bounds.LABEL_MAX)
        @Pattern(Bounds.LABEL)
        String name) {}
