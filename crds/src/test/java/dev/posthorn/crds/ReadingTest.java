package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as a plain mapper reads them. */
class ReadingTest {
  private final JsonMapper json = new JsonMapper();

  @Test
  void aPlainMapperFillsInWhatIsAbsent() throws IOException {
    var spec =
        json.readValue(
            "{\"url\": \"https://a.example\", \"events\": {\"types\": [\"*\"]}}",
            WebhookEndpointSpec.class);

    assertThat(spec.delivery())
        .isEqualTo(
            new WebhookEndpointSpec.Delivery(15, 10, WebhookEndpointSpec.Ordering.None, null));
    assertThat(spec.retry().maxAgeSeconds()).isEqualTo(432_000);
    assertThat(spec.autoDisable().mode())
        .isEqualTo(WebhookEndpointSpec.AutoDisable.Mode.AfterFailing);
    assertThat(spec.tls().minVersion()).isEqualTo(WebhookEndpointSpec.Tls.Version.TLS_1_2);
    assertThat(spec.headers()).isEmpty();
  }

  @Test
  void unknownFieldsOfANewerVersionAreSkipped() throws IOException {
    var spec =
        json.readValue(
            "{\"later\": 1, \"events\": {\"types\": [\"*\"], \"later\": {}}}",
            WebhookEndpointSpec.class);

    assertThat(spec.events().types()).containsExactly("*");
  }

  @Test
  void unknownStatusValuesAreRead() throws IOException {
    var status =
        json.readValue("{\"delivery\": {\"state\": \"Later\"}}", WebhookEndpointStatus.class);

    assertThat(status.delivery()).isNotNull();
    assertThat(status.delivery().state()).isEqualTo("Later");
  }

  @Test
  void aKeyringThatSaysNothingIsGeneratedAndSwitchesAtTheEndOfTheOverlap() throws IOException {
    var spec = json.readValue("{}", SigningSecretSpec.class);

    assertThat(spec.generate())
        .isEqualTo(new SigningSecretSpec.Generate(32, SigningSecretSpec.KeyFormat.Whsec, null));
    assertThat(spec.rotation().cutover()).isEqualTo(SigningSecretSpec.Cutover.AtOverlapEnd);
  }

  @Test
  void aBroughtKeySwitchesAtOnceAndIsNotGenerated() throws IOException {
    var spec =
        json.readValue(
            "{\"secretRef\": {\"name\": \"a\", \"key\": \"b\"}}", SigningSecretSpec.class);

    assertThat(spec.generate()).isNull();
    assertThat(spec.rotation().cutover()).isEqualTo(SigningSecretSpec.Cutover.Immediately);
  }

  @Test
  void fabric8ReadsAndWritesAWholeResource() {
    var written =
        Serialization.asJson(
            Serialization.unmarshal(
                """
                apiVersion: posthorn.dev/v1alpha1
                kind: WebhookEndpoint
                metadata: {name: orders, namespace: acme}
                spec: {url: "https://a.example", events: {types: ["*"]}, signatures: [{scheme: none}]}
                """,
                WebhookEndpoint.class));

    var read = Serialization.unmarshal(written, WebhookEndpoint.class);

    assertThat(read.getMetadata().getNamespace()).isEqualTo("acme");
    assertThat(read.getApiVersion()).isEqualTo(Api.API_VERSION);
    assertThat(read.getSpec().signatures())
        .containsExactly(new WebhookEndpointSpec.Signature("none", null));
  }

  @Test
  void listsCannotBeChanged() throws IOException {
    var types = json.readValue("{\"types\": [\"*\"]}", WebhookEndpointSpec.Events.class).types();

    assertThatThrownBy(() -> types.add("a")).isInstanceOf(UnsupportedOperationException.class);
    assertThat(types).isEqualTo(List.of("*"));
  }

  @ParameterizedTest
  @CsvSource({
    "8Gi, 8589934592",
    "1.5Gi, 1610612736",
    "500M, 500000000",
    "10k, 10000",
    "1Ki, 1024",
    "42, 42",
    "0.1, 1"
  })
  void byteCountsAreReadAsKubernetesReadsThem(String text, long bytes) {
    assertThat(new ByteCount(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8GB", "-1", "8 Gi", "100m", "1ki", "999999Ei"})
  void aByteCountThatCannotBeReadNamesValueAndCure(String text) {
    assertThatThrownBy(() -> new ByteCount(text).bytes())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("such as 8Gi");
  }
}
