package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** How to sign and verify: a descriptor, without code. Short name {@code sch}, cluster-scoped. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("sch")
@JsonClassDescription("How to sign and verify: a descriptor without code. Its spec is immutable.")
@JsonIgnoreProperties(ignoreUnknown = true)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Algorithm",
    jsonPath = ".spec.algorithm",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.size() <= 63 && self.metadata.name.contains('.')",
    message =
        "metadata.name must contain a dot and have at most 63 characters: names without a dot are built in; call it <name>.<your domain>")
public final class SignatureScheme
    extends CustomResource<SignatureSchemeSpec, SignatureSchemeStatus> {
  private static final long serialVersionUID = 1L;
}
