package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A keyring: generates, imports, rotates and revokes the keys that sign. Short name {@code sis}.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("sis")
@JsonClassDescription("A keyring: makes, imports, rotates and revokes the keys that sign.")
@JsonIgnoreProperties(ignoreUnknown = true)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Active key",
    jsonPath = ".status.activeKeyId",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Next rotation",
    jsonPath = ".status.nextRotationTime",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$')",
    message =
        "metadata.name must be a DNS label of at most 63 characters: lower-case letters, digits and -")
@ValidationRule(
    value =
        "!has(self.spec.verificationSecretName) || self.spec.verificationSecretName != self.metadata.name + '-keyring'",
    message =
        "spec.verificationSecretName must not be <name>-keyring: that Secret holds the keyring itself")
public final class SigningSecret extends CustomResource<SigningSecretSpec, SigningSecretStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;
}
