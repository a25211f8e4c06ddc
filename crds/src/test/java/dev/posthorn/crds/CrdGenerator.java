package dev.posthorn.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes {@code config/crd} from the records: Fabric8's generator, then {@link SchemaCompletion} for
 * what it cannot say. It lives among the tests so that no generator is on the class path of the
 * product.
 */
final class CrdGenerator {
  static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(
          WebhookEndpoint.class,
          SigningSecret.class,
          SignatureScheme.class,
          EventStream.class,
          WebhookSource.class,
          Dispatcher.class);

  private final YAMLMapper yaml =
      YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .build();

  /** Name and content of every file in {@code config/crd}. */
  Map<String, String> files() throws IOException {
    var files = new LinkedHashMap<String, String>();
    for (var kind : KINDS) {
      files.put(Schemas.fileName(kind.getSimpleName()), yaml.writeValueAsString(definition(kind)));
    }
    files.put("kustomization.yaml", kustomization(files.keySet().stream().toList()));
    return files;
  }

  private JsonNode definition(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    var definition = (ObjectNode) yaml.readTree(fabric8(kind));
    new SchemaCompletion(kind).complete(definition);
    return definition;
  }

  private static byte[] fabric8(Class<? extends CustomResource<?, ?>> kind) throws IOException {
    try (var bytes = new ByteArrayOutputStream()) {
      new CRDGenerator()
          .customResourceClasses(List.<Class<? extends HasMetadata>>of(kind))
          .forCRDVersions("v1")
          .withOutput(new InMemory(bytes))
          .generate();
      return bytes.toByteArray();
    }
  }

  private static String kustomization(List<String> files) {
    return files.stream()
        .map(file -> "  - " + file + "\n")
        .collect(
            Collectors.joining(
                "",
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n",
                ""));
  }

  /** Quotes times too: some YAML readers make dates of them. */
  private static final class Quoting extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean needToQuoteValue(String value) {
      return value.matches("[0-9]{4}-[0-9]{2}-.*") || super.needToQuoteValue(value);
    }
  }
}
