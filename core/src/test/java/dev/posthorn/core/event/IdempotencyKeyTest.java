package dev.posthorn.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
  @Test
  void isTheFirstHalfOfTheSha256OfTheThreeTextsBehindTheirLengths() throws Exception {
    byte[] input = "\0\0\0\1t\0\0\0\0\0\0\0\2\u00e4".getBytes(StandardCharsets.UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(input);
    assertThat(key("t", "", "ä").bytes()).isEqualTo(Arrays.copyOf(hash, 16));
  }

  @Test
  void textsThatJoinToTheSameHaveDifferentKeys() {
    assertThat(key("ab", "c", "d")).isNotEqualTo(key("a", "bc", "d"));
    assertThat(key("a", "bc", "d")).isNotEqualTo(key("a", "b", "cd"));
    assertThat(key("a", "", "b")).isNotEqualTo(key("a", "b", ""));
  }

  @Test
  void theBodyDoesNotMatterAndWithoutIdThereIsNone() {
    assertThat(IdempotencyKey.of(event("1", "{}"))).isEqualTo(IdempotencyKey.of(event("1", "[]")));
    assertThat(IdempotencyKey.of(event(null, "{}"))).isEmpty();
  }

  private static IdempotencyKey key(String tenant, String source, String id) {
    return IdempotencyKey.of(tenant, source, id);
  }

  private static PublishedEvent event(@Nullable String id, String json) {
    EventData data = EventData.of(json.getBytes(StandardCharsets.UTF_8), "application/json");
    return new PublishedEvent("t", "a", "s", id, null, null, data, null, null, Map.of());
  }
}
