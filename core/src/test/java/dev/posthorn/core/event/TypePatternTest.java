package dev.posthorn.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypePatternTest {
  @ParameterizedTest
  @CsvSource({
    "order.created, order.created, true",
    "order.created, Order.created, false",
    "order.created, order.created.x, false",
    "order.*, order.a, true",
    "order.*, order.a.b, true",
    "order.*, order, false",
    "order.*, order., false",
    "order.*, orders.a, false",
    "order.*, Order.a, false",
    "*, a, true",
    "*, a.b.c, true",
    "*, posthorn.endpoint.failing, false",
    "*, posthorn, true",
    "*, posthorns.x, true",
    "posthorn.*, posthorn.endpoint.failing, true",
    "posthorn.endpoint.*, posthorn.endpoint.failing, true",
    "posthorn.endpoint.failing, posthorn.endpoint.failing, true"
  })
  void matchesAsDocumented(String pattern, String type, boolean matches) {
    assertThat(TypePattern.parse(pattern).matches(type)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".*", "*.a", "a*", "a.*.b", "**", "a.**"})
  void otherFormsAreRefusedByName(String pattern) {
    assertThatThrownBy(() -> TypePattern.parse(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + pattern + "\"");
  }

  @Test
  void aSubscriptionMatchesIfOneOfItsPatternsDoes() {
    Subscription subscription = Subscription.parse(List.of("order.*", "invoice.paid"));
    assertThat(subscription.matches("order.created")).isTrue();
    assertThat(subscription.matches("invoice.paid")).isTrue();
    assertThat(subscription.matches("invoice.sent")).isFalse();
  }

  @Test
  void anEmptySubscriptionIsRefused() {
    assertThatThrownBy(() -> Subscription.parse(List.of())).hasMessageContaining("types is empty");
  }

  @Test
  void prefixesOfATypeAreThoseWhosePatternMatchesIt() {
    assertThat(Subscription.prefixesOf("a.b.c")).containsExactly("a.", "a.b.");
    assertThat(Subscription.prefixesOf("a")).isEmpty();
    assertThat(Subscription.prefixesOf("a.")).isEmpty();
  }
}
