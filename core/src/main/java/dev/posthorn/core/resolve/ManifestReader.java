package dev.posthorn.core.resolve;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.Api;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of manifests and checks every object as strictly as an API server does for {@code
 * kubectl apply}. Immutable, safe for any thread; costly to make, so make one.
 *
 * <p>A file may hold several documents, {@code List}s, and JSON. Never throws for what files hold.
 */
public final class ManifestReader {
  private static final String DEFAULT_NAMESPACE = "default";

  private final KindSchemas schemas = KindSchemas.load();
  private final JsonMapper json = JsonMapper.builder().build();

  /** Loads the schemas and compiles their rules. */
  public ManifestReader() {}

  /** Reads {@code files}, in this order. */
  public Manifests read(List<ManifestFile> files) {
    var found = new ManifestCollector(json);
    for (ManifestFile file : files) {
      YamlReader.Read read = YamlReader.read(file);
      for (YamlReader.YamlError error : read.errors()) {
        found.refuse(
            null,
            new Place(file.path(), error.line()),
            "",
            Cause.Manifest.Unreadable,
            error.message());
      }
      read.documents().forEach(document -> readObjects(file.path(), document, found));
    }
    return found.manifests();
  }

  private void readObjects(String file, Tree document, ManifestCollector found) {
    if (!(document instanceof Tree.Fields object)) {
      found.refuse(
          null,
          new Place(file, document.line()),
          "",
          Cause.Manifest.Unreadable,
          "is no object; a manifest begins with apiVersion and kind");
      return;
    }
    String kind = object.text("kind");
    if (kind != null && kind.endsWith("List") && object.get("items") instanceof Tree.Items list) {
      list.items().forEach(item -> readObjects(file, item, found));
    } else {
      kind(file, object, found).ifPresent(known -> readObject(file, known, object, found));
    }
  }

  private static Optional<Kind> kind(String file, Tree.Fields object, ManifestCollector found) {
    String title = object.text("kind");
    String version = object.text("apiVersion");
    Optional<Kind> kind = title == null ? Optional.empty() : Kind.of(title);
    String expected = kind.map(Kind::core).orElse(false) ? "v1" : Api.API_VERSION;
    if (kind.isPresent() && expected.equals(version)) {
      return kind;
    }
    String field = kind.isPresent() || (title == null && version == null) ? "apiVersion" : "kind";
    found.refuse(
        null,
        new Place(file, object.lineOf(field)),
        title == null ? "kind" : field,
        Cause.Manifest.UnknownKind,
        complaint(title, kind, expected));
    return Optional.empty();
  }

  private static String complaint(@Nullable String title, Optional<Kind> kind, String expected) {
    if (title == null) {
      return "is missing" + elsewhere();
    }
    return kind.isPresent()
        ? "must be " + expected + " for a " + title
        : "unknown kind \"" + title + "\"" + Spelling.hint(title, Kind.titles()) + elsewhere();
  }

  private static String elsewhere() {
    return "; keep what is not Posthorn's in another directory";
  }

  private void readObject(String file, Kind kind, Tree.Fields tree, ManifestCollector found) {
    Origin origin = path -> Optional.of(new Place(file, tree.lineOf(path)));
    SchemaCheck check = schemas.check();
    Object plain = check.check(tree, schemas.of(kind), "");
    ResourceRef ref = ref(kind, tree);
    for (SchemaCheck.Violation violation : check.violations()) {
      Cause cause = violation.unknown() ? Cause.Manifest.UnknownField : Cause.Manifest.InvalidField;
      found.refuse(
          ref,
          new Place(file, tree.lineOf(violation.path())),
          violation.path(),
          cause,
          violation.message());
    }
    if (ref != null
        && found.isNew(ref, origin)
        && check.violations().isEmpty()
        && plain instanceof Map<?, ?> object) {
      found.add(ref, object, origin);
    }
  }

  /** Null without a name: then there is a finding that says so. */
  private static @Nullable ResourceRef ref(Kind kind, Tree.Fields tree) {
    if (!(tree.get("metadata") instanceof Tree.Fields metadata) || metadata.text("name") == null) {
      return null;
    }
    String namespace = metadata.text("namespace");
    String stated = namespace == null ? DEFAULT_NAMESPACE : namespace;
    return new ResourceRef(
        kind,
        new ResourceName(kind.namespaced() ? stated : "", String.valueOf(metadata.text("name"))));
  }
}
