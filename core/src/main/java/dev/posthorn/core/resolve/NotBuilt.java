package dev.posthorn.core.resolve;

import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.util.List;
import java.util.function.Predicate;

/**
 * The parts of resources that this version does not have yet: refused by name, never ignored. One
 * line each; it goes with the code that builds the part.
 */
final class NotBuilt {
  private record Part<T>(String field, Predicate<T> used) {}

  private static final List<Part<SigningSecretSpec>> SIGNING_SECRET =
      List.of(
          part(
              "spec.deletionPolicy",
              spec -> spec.deletionPolicy() == SigningSecretSpec.DeletionPolicy.Delete),
          part("spec.verificationSecretName", spec -> spec.verificationSecretName() != null));

  private static final List<Part<EventStreamSpec>> STREAM =
      List.of(part("spec.kafka", spec -> spec.kafka() != null));

  private static final List<Part<WebhookSourceSpec>> SOURCE =
      List.of(part("spec.provider", spec -> true));

  private static final List<Part<DispatcherSpec>> DISPATCHER =
      List.of(
          part("spec.egress.proxyRef", spec -> spec.egress().proxyRef() != null),
          part("spec.gateway.externalUrl", spec -> spec.gateway().externalUrl() != null),
          part("spec.gateway.tokensRef", spec -> spec.gateway().tokensRef() != null),
          part("spec.portal", spec -> spec.portal() != null));

  private NotBuilt() {}

  private static <T> Part<T> part(String field, Predicate<T> used) {
    return new Part<>(field, used);
  }

  static void refuseSigningSecret(SigningSecretSpec spec, Report report) {
    refuse(SIGNING_SECRET, spec, report);
  }

  static void refuseStream(EventStreamSpec spec, Report report) {
    refuse(STREAM, spec, report);
  }

  static void refuseSource(WebhookSourceSpec spec, Report report) {
    refuse(SOURCE, spec, report);
  }

  static void refuseDispatcher(DispatcherSpec spec, Report report) {
    refuse(DISPATCHER, spec, report);
  }

  private static <T> void refuse(List<Part<T>> parts, T spec, Report report) {
    for (Part<T> part : parts) {
      if (part.used().test(spec)) {
        String name = part.field().substring(part.field().lastIndexOf('.') + 1);
        report.error(
            part.field(),
            Cause.Refusal.NotBuilt,
            name + " is not built in this version; remove it");
      }
    }
  }
}
