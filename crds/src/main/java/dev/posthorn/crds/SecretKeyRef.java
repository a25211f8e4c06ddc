package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

/**
 * One entry of a core Secret in the same namespace. The Secret needs the label {@code
 * posthorn.dev/readable: "true"}.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record SecretKeyRef(
    @JsonPropertyDescription(
            "Name of a Secret in the same namespace that carries the label posthorn.dev/readable: \"true\".")
        @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
        @Pattern(Bounds.SUBDOMAIN)
        String name,
    @JsonPropertyDescription("Entry of the Secret's data.")
        @Size(min = 1, max = Bounds.SUBDOMAIN_MAX)
        @Pattern(Bounds.DATA_KEY)
        String key) {}
