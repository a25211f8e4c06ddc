package dev.posthorn.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Origin;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.crds.DispatcherSpec;
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
        streams
            ? List.of(
                new Installation.Address("redis", 6379),
                new Installation.Address("redis.data.svc", 6379),
                new Installation.Address("10.1.2.3", 6380),
                new Installation.Address("redis.example.com", 6379))
            : List.of());
  }

  private static EgressPolicy egress(ResourceName name, DispatcherSpec spec) {
    var resolver = new ClusterResolver(BuiltInSchemes.load(), new Expressions(() -> 0));
    var dispatcher =
        new Resource<>(new ResourceRef(Kind.DISPATCHER, name), Map.of(), spec, Origin.UNKNOWN);
    return resolver
        .settings(dispatcher, _ -> Optional.empty())
        .config()
        .map(settings -> settings.egress())
        .orElse(EgressPolicy.DEFAULT);
  }
}
