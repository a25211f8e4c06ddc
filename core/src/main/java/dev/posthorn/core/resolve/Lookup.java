package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.Api;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SecretKeyRef;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds core Secrets and ConfigMaps whose authors consented to being read. Immutable.
 *
 * <p>Without the label, whoever may create an endpoint could send any Secret of the namespace to
 * his own URL.
 */
final class Lookup {
  private final Function<ResourceRef, Optional<Resource<Data>>> objects;
  private final boolean elsewhere;

  /**
   * A look-up.
   *
   * @param objects finds one
   * @param elsewhere whether one that is not found may be there all the same
   */
  Lookup(Function<ResourceRef, Optional<Resource<Data>>> objects, boolean elsewhere) {
    this.objects = objects;
    this.elsewhere = elsewhere;
  }

  /** Among {@code resources}. */
  static Lookup among(Resources resources, boolean elsewhere) {
    Map<ResourceRef, Resource<Data>> objects = new HashMap<>();
    List.of(resources.secrets(), resources.configMaps())
        .forEach(list -> list.forEach(object -> objects.put(object.ref(), object)));
    return new Lookup(ref -> Optional.ofNullable(objects.get(ref)), elsewhere);
  }

  /**
   * One entry; empty where it cannot be had, and {@code report} says why.
   *
   * @param field the path of the reference
   */
  Optional<byte[]> entry(ResourceRef ref, String key, String field, Report report) {
    return object(ref, field, report).flatMap(data -> entry(ref, data, key, field, report));
  }

  /** All entries; empty where they cannot be had, and {@code report} says why. */
  Optional<Data> object(ResourceRef ref, String field, Report report) {
    Optional<Resource<Data>> object = objects.apply(ref);
    if (object.isEmpty()) {
      missing(ref, field, report);
      return Optional.empty();
    }
    if (!"true".equals(object.get().labels().get(Api.READABLE_LABEL))) {
      report.error(
          field,
          Reason.SecretNotLabelled,
          ref.kind()
              + " "
              + ref.name()
              + " does not carry the label "
              + Api.READABLE_LABEL
              + ": \"true\"; its owner consents with: kubectl label "
              + ref.kind().title().toLowerCase(Locale.ROOT)
              + " "
              + ref.name().name()
              + " -n "
              + ref.name().namespace()
              + " "
              + Api.READABLE_LABEL
              + "=true");
      return Optional.empty();
    }
    return object.map(Resource::content);
  }

  private void missing(ResourceRef ref, String field, Report report) {
    String message = ref.kind() + " " + ref.name() + " is not there";
    if (elsewhere) {
      report.unknown(
          field,
          Reason.SecretNotFound,
          message + "; it must be in the cluster when this is applied");
    } else {
      report.error(field, Reason.SecretNotFound, message + "; create it or correct the name");
    }
  }

  private static Optional<byte[]> entry(
      ResourceRef ref, Data data, String key, String field, Report report) {
    Optional<byte[]> entry = data.get(key);
    if (entry.isEmpty()) {
      report.error(
          field,
          Reason.SecretKeyMissing,
          ref.kind()
              + " "
              + ref.name()
              + " has no entry \""
              + key
              + "\""
              + Spelling.hint(key, data.keys().stream().sorted().toList()));
    }
    return entry;
  }

  static ResourceRef secret(String namespace, SecretKeyRef ref) {
    return secret(namespace, ref.name());
  }

  static ResourceRef secret(String namespace, String name) {
    return new ResourceRef(Kind.SECRET, new ResourceName(namespace, name));
  }
}
