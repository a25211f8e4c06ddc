package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.dispatcher.api.Api;
import dev.posthorn.dispatcher.http.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterKeysTest {
  private static final ResourceName ORDERS = new ResourceName("shop", "orders");
  private static final String KEY_ID = "k_7f3a9c";

  private final ClusterKeys keys = new ClusterKeys(() -> Instant.parse("2026-11-22T10:00:00.7Z"));

  @Test
  void aRevocationHoldsAlready() {
    assertThat(keys.carryOut(ORDERS, new KeyWish.Revoke(KEY_ID)))
        .isEqualTo(new KeyAuthority.Answer.Done());
  }

  static Stream<Arguments> wishes() {
    return Stream.of(
        Arguments.of("rotate", new KeyWish.Rotate()),
        Arguments.of("acknowledge", new KeyWish.Acknowledge(KEY_ID)));
  }

  @ParameterizedTest
  @MethodSource("wishes")
  void otherWishesAreAnsweredAsTheOpenApiDocumentShows(String example, KeyWish wish)
      throws IOException {
    Map<String, Object> shown =
        Map.of(
            "type", text(example, "type"),
            "title", text(example, "title"),
            "detail", text(example, "detail"));

    assertThat(keys.carryOut(ORDERS, wish))
        .isInstanceOfSatisfying(
            KeyAuthority.Answer.Unavailable.class,
            answer ->
                assertThat(shown)
                    .isEqualTo(
                        Map.of(
                            "type", ProblemType.NOT_READY.uri(),
                            "title", ProblemType.NOT_READY.title(),
                            "detail", answer.message())));
  }

  private static String text(String example, String field) throws IOException {
    try (InputStream file = Objects.requireNonNull(Api.class.getResourceAsStream("openapi.yaml"))) {
      JsonNode response =
          new YAMLMapper().readTree(file).at("/components/responses/WishOfTheResource");
      return response
          .path("content")
          .path("application/problem+json")
          .at("/examples/" + example + "/value/" + field)
          .asText();
    }
  }
}
