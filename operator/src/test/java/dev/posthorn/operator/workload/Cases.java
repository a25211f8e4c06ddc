package dev.posthorn.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Data;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Neighbours;
import dev.posthorn.core.resolve.Origin;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SigningSecretSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The folders of WorkloadTest: a Dispatcher each, and what it is made of. */
final class Cases {
  static final Path FOLDER =
      Path.of(
          "src", "test", "resources", "dev", "posthorn", "operator", "workload", "WorkloadTest");

  private static final YAMLMapper YAML = new YAMLMapper();

  private Cases() {}

  static List<Path> all() throws IOException {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders.sorted().toList();
    }
  }

  static List<HasMetadata> objects(Path folder) throws IOException {
    return Workload.of(installation(folder));
  }

  static Installation installation(Path folder) throws IOException {
    JsonNode manifest = YAML.readTree(folder.resolve("in-Dispatcher-default.yaml").toFile());
    DispatcherSpec spec = YAML.treeToValue(manifest.path("spec"), DispatcherSpec.class);
    var name =
        new ResourceName(
            manifest.at("/metadata/namespace").asText(), manifest.at("/metadata/name").asText());
    boolean streams = folder.endsWith("streams");
    return new Installation(
        name,
        manifest.at("/metadata/uid").asText(),
        spec,
        egress(name, spec),
        "posthorn/posthorn:0.1.0",
        "posthorn-system",
        streams ? List.of(new Installation.Address("10.96.0.1", 6443)) : List.of(),
        store(spec.store()),
        streams
            ? List.of(
                new Installation.Address("redis", 6379),
                new Installation.Address("redis.data.svc", 6379),
                new Installation.Address("10.1.2.3", 6380),
                new Installation.Address("redis.example.com", 6379))
            : List.of());
  }

  private static StoreAccess store(DispatcherSpec.Store store) {
    if (store.postgres() != null) {
      return new StoreAccess(
          new StoreAccess.Entry("database", "url"),
          List.of("ca.crt"),
          new StoreAccess.Entry("default-payload-key", "key"),
          List.of(
              new Installation.Address("10.20.0.7", 5432),
              new Installation.Address("db.data.svc", 6432)),
          "0123456789abcdef0123");
    }
    return store.encryptionKeyRef() == null
        ? StoreAccess.EMBEDDED
        : new StoreAccess(
            null,
            List.of(),
            new StoreAccess.Entry("payloads", "key"),
            List.of(),
            "23456789abcdef012345");
  }

  private static EgressPolicy egress(ResourceName name, DispatcherSpec spec) {
    return new ClusterResolver(BuiltInSchemes.load(), new Expressions(() -> 0))
        .settings(
            new Resource<>(new ResourceRef(Kind.DISPATCHER, name), Map.of(), spec, Origin.UNKNOWN),
            new Nobody(),
            _ -> Optional.empty())
        .config()
        .map(settings -> settings.egress())
        .orElse(EgressPolicy.DEFAULT);
  }

  /** A cluster with nothing in it. */
  private static final class Nobody implements Neighbours {
    @Override
    public Optional<Resource<Data>> data(ResourceRef ref) {
      return Optional.empty();
    }

    @Override
    public Optional<Resource<DispatcherSpec>> dispatcher(ResourceName name) {
      return Optional.empty();
    }

    @Override
    public Optional<Resource<SignatureSchemeSpec>> scheme(String name) {
      return Optional.empty();
    }

    @Override
    public Optional<Resource<SigningSecretSpec>> signingSecret(ResourceName name) {
      return Optional.empty();
    }

    @Override
    public Optional<Keyring> keyring(ResourceName signingSecret) {
      return Optional.empty();
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
      return Map.of();
    }
  }
}
