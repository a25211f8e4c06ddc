package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * A condition with the fields and limits of {@code metav1.Condition}. Types are listed in {@link
 * ConditionType}, reasons in {@link Reason}; both are text here, so that a reader survives those of
 * a newer operator.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    @JsonPropertyDescription("What the condition is about, such as Ready.")
        @Size(min = 1, max = 316)
        @Pattern("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$")
        String type,
    @JsonPropertyDescription("True, False or Unknown.")
        @OneOf({"True", "False", "Unknown"})
        @Size(max = 16)
        String status,
    @JsonPropertyDescription("The generation of the object that the condition was computed from.")
        @Min(0)
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("When status changed last, RFC 3339.") @Time String lastTransitionTime,
    @JsonPropertyDescription("One word for programs: why the condition has this status.")
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        String reason,
    @JsonPropertyDescription("A sentence for people: what, where, why and the cure.")
        @Size(max = Bounds.MESSAGE_MAX)
        String message) {}
