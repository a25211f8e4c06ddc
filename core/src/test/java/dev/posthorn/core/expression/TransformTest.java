package dev.posthorn.core.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.event.EventData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransformTest {
  private static final Expressions EXPRESSIONS = new Expressions(() -> 0L);
  private static final String DATA =
      "{\"order_id\": 7, \"s\": \"ä\\\"\", \"list\": [1, 2.5, null], \"half\": \"\\ud800\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id": event.data.order_id}                    | {"id":7}
          {"text": "order " + event.data.s}              | {"text":"order ä\\""}
          event.data.list                                | [1,2.5,null]
          event.data.list.map(x, {"v": x})               | [{"v":1},{"v":2.5},{"v":null}]
          {"t": event.time, "d": duration("90.5s")}      | {"t":"2026-11-22T10:00:00Z","d":"90.5s"}
          {"b": b"hi", "u": 18446744073709551615u}       | {"b":"aGk=","u":18446744073709551615}
          {1: true, false: null}                         | {"1":true,"false":null}
          "text"                                         | "text"
          {}                                             | {}
          event.data.half                                | "\\uD800"
          {"e": event.type, "x": has(event.data.x) ? event.data.x : 0} | {"e":"order.created","x":0}
          """)
  void theResultIsWrittenAsJson(String expression, String json) {
    assertThat(json(expression)).isEqualTo(json);
  }

  @Test
  void theWholeEventCanBeWritten() {
    assertThat(json("{'e': event}"))
        .startsWith("{\"e\":{\"id\":\"msg_")
        .contains("\"time\":\"2026-11-22T10:00:00Z\"")
        .contains("\"data\":{\"order_id\":7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"type(1)", "[1.0 / 0.0]", "{1.5: 1}", "event.data.no"})
  void whatIsNoJsonFails(String expression) {
    assertThat(apply(expression, DATA)).isInstanceOf(TransformOutcome.Failed.class);
  }

  @Test
  void aResultAbove256KibIsOverBudget() {
    String data = "{\"s\": \"" + "x".repeat(100_000) + "\"}";
    assertThat(apply("[event.data.s, event.data.s]", data))
        .isInstanceOf(TransformOutcome.Transformed.class);
    assertThat(apply("[event.data.s, event.data.s, event.data.s]", data))
        .isInstanceOfSatisfying(
            TransformOutcome.OverBudget.class,
            over -> assertThat(over.reason()).contains("262144").contains(";"));
  }

  @Test
  void theOutputBoundHoldsToTheByte() {
    String fits = "{\"s\": \"" + "x".repeat(Expressions.MAX_OUTPUT_BYTES - 2) + "\"}";
    String tooLong = "{\"s\": \"" + "x".repeat(Expressions.MAX_OUTPUT_BYTES - 1) + "\"}";
    assertThat(apply("event.data.s", fits)).isInstanceOf(TransformOutcome.Transformed.class);
    assertThat(apply("event.data.s", tooLong)).isInstanceOf(TransformOutcome.OverBudget.class);
  }

  @Test
  void blowUpByConcatenationOrSharingIsStopped() {
    String data = "{\"s\": \"" + "x".repeat(200_000) + "\"}";
    String ten = "[1,2,3,4,5,6,7,8,9,10]";
    String nested = ten + ".map(a, " + ten + ".map(b, %s))";
    assertThat(apply(nested.formatted("event.data.s + event.data.s"), data))
        .isInstanceOf(TransformOutcome.OverBudget.class);
    assertThat(apply(nested.formatted("event.data.s"), data))
        .isInstanceOf(TransformOutcome.OverBudget.class);
    assertThat(apply(nested.formatted("string(bytes(event.data.s))"), data))
        .isInstanceOf(TransformOutcome.OverBudget.class);
  }

  @Test
  void whateverTheDataTheOutcomeIsAValue() {
    for (String data : new String[] {"1", "[]", "null", "\"x\"", "{}"}) {
      assertThat(apply("{'a': event.data.a.b.c}", data))
          .isInstanceOf(TransformOutcome.Failed.class);
    }
    Transform transform = FilterTest.compiled(EXPRESSIONS.transform("{'d': event.data}"));
    TransformOutcome none = transform.apply(EventVariables.of(FilterTest.event(EventData.none())));
    assertThat(none).isInstanceOf(TransformOutcome.Transformed.class);
  }

  private static String json(String expression) {
    TransformOutcome outcome = apply(expression, DATA);
    assertThat(outcome).isInstanceOf(TransformOutcome.Transformed.class);
    return new String(((TransformOutcome.Transformed) outcome).json(), UTF_8);
  }

  private static TransformOutcome apply(String expression, String data) {
    return FilterTest.compiled(EXPRESSIONS.transform(expression))
        .apply(EventVariables.of(FilterTest.event(data)));
  }
}
