package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/** A whole core Secret in the same namespace, whose entries have fixed names. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretRef(
    @JsonPropertyDescription(
            "Name of a Secret in the same namespace that carries the label posthorn.dev/readable: \"true\".")
        @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
        @Pattern(Bounds.SUBDOMAIN)
        String name) {}
