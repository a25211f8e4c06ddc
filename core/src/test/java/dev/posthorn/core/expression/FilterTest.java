package dev.posthorn.core.expression;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static final Expressions EXPRESSIONS = new Expressions(() -> 0L);
  private static final String DATA =
      """
      {"severity": "high", "tier": "gold", "n": 3, "amount": 12.0, "big": 12345678901234567890,
       "nothing": null, "flag": true, "list": [1, 2.5, "x"], "secret": "s3cr3t", "zero": 0}
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "event.data.severity == \"high\" && event.data.tier in [\"gold\"]",
        "event.id == 'msg_01kaps5g0000000000000000aa'",
        "event.sourceId == 'o-1' && event.source == '/shop' && event.subject == ''",
        "event.type.startsWith('order.') && event.tenant == 'acme'",
        "event.time > timestamp('2026-11-22T09:59:59Z')",
        "event.data.n < 3.5 && event.data.amount == 12 && event.data.big > 1",
        "event.data.nothing == null && !has(event.data.other)",
        "event.data.flag",
        "event.data.list.exists(x, x == 'x') && size(event.data.list) == 3",
        "event.data.severity.matches('^h.*h$')",
        "event.data.other == 1 || true",
        "event.data.n == 3 && event.data.n + 1 == 4"
      })
  void matches(String expression) {
    assertThat(test(expression)).isEqualTo(new FilterOutcome.Matched());
  }

  @Test
  void doesNotMatchOtherwise() {
    assertThat(test("event.data.severity == 'low'")).isEqualTo(new FilterOutcome.NotMatched());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          event.data.other == 1                | no such member
          event.data.list[7] == 1              | no such element
          event.data.n + 1.5 == 4.5            | types
          int(event.data.secret) == 1          | conversion
          event.data.severity.matches(event.data.severity + '(') | pattern
          event.data.severity.matches('((a{20}){20}){20}') | pattern
          1 / event.data.zero == 1             | calculation
          event.data.n                         | no bool
          """)
  void aFilterThatDoesNotFitTheEventFailsWithoutQuotingIt(String expression, String reason) {
    assertThat(test(expression))
        .isInstanceOfSatisfying(
            FilterOutcome.Failed.class,
            failed -> assertThat(failed.reason()).contains(reason).doesNotContain("s3cr3t"));
  }

  @Test
  void aFailureSaysWhereInTheExpression() {
    assertThat(test("event.type != '' && event.data.other == 1"))
        .isEqualTo(
            new FilterOutcome.Failed(
                "no such member; test it first with has(...) (at \".other == 1\")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          event.typ == 'x'          | 1 | 6  | typ        | id, sourceId, source, type, subject, time, tenant, data
          evnt.type == 'x'          | 1 | 1  | evnt       | event
          event.type == high        | 1 | 15 | high       | event
          event.type ==             | 1 | 14 | EOF        | CEL
          event.type == 3           | 1 | 12 | no matching overload | string(
          event.type                | 0 | 0  | string, not bool | bool
          event.type.foo()          | 1 | 15 | foo        | event
          cel.bind(x, 1, x == 1)    | 1 | 1  | cel        | event
          ` `                       | 0 | 0  | empty      | leave
          """)
  void whatDoesNotCompileIsFoundWithPlaceCauseAndCure(
      String text, int line, int column, String cause, String cure) {
    Finding finding = finding(text);
    assertThat(finding.cause()).contains(cause);
    assertThat(finding.cure()).contains(cure);
    assertThat(finding.line()).isEqualTo(line);
    if (!text.endsWith("==")) {
      assertThat(finding.column()).isEqualTo(column);
    }
  }

  @Test
  void theLineIsCountedAndTheMessageIsOneLine() {
    Finding finding = finding("event.type == 'a' ||\n  event.typ == 'b'");
    assertThat(finding.line()).isEqualTo(2);
    assertThat(finding.message()).startsWith("line 2, column 8: ").doesNotContain("\n");
  }

  @Test
  void anExpressionHasAtMost4096Characters() {
    String fits = "event.type == '" + "ä".repeat(4_096 - 16) + "'";
    assertThat(EXPRESSIONS.filter(fits)).isInstanceOf(Compilation.Compiled.class);
    assertThat(finding(fits + " ").cause()).contains("4096");
  }

  @Test
  void deepAndLongChainsAreRefusedNotOverflown() {
    assertThat(finding("(".repeat(40) + "true" + ")".repeat(40)).cause()).contains("recursion");
    assertThat(finding("[".repeat(40) + "]".repeat(40) + " == []").cause()).contains("recursion");
    for (String link : new String[] {"+1", ".a", "[0]", "-1", "?1:1", "||true", "&&true", "==1"}) {
      String chain = "event.data.n" + link.repeat((4_096 - 20) / link.length());
      assertThat(EXPRESSIONS.transform(chain)).isNotNull();
    }
    assertThat(finding("event.data" + "+1".repeat(1_000)).cure()).isNotEmpty();
    assertThat(EXPRESSIONS.transform("!".repeat(2_001) + "true")).isNotNull();
  }

  @Test
  void nestedComprehensionsOverBigListsAreStopped() {
    String big =
        IntStream.range(0, 600).mapToObj(i -> "" + i % 10).collect(Collectors.joining(","));
    FilterOutcome outcome = test("[" + big + "].all(a, [" + big + "].all(b, true))");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            FilterOutcome.OverBudget.class,
            over -> assertThat(over.reason()).contains("1000 iterations"));
  }

  @Test
  void iterationsAreCountedOverTheWholeExpressionWhateverFails() {
    String ten = "[0,1,2,3,4,5,6,7,8,9]";
    String runaway =
        ten + ".all(a, " + ten + ".all(b, " + ten + ".all(c, event.data.x == 1 || true)))";
    assertThat(test(runaway + " || false")).isInstanceOf(FilterOutcome.OverBudget.class);
  }

  @Test
  void aBudgetCannotBeHiddenBehindAnOr() {
    String large = "{\"s\": \"" + "x".repeat(20_000) + "\"}";
    assertThat(test("event.data.s.matches('y') || true", large))
        .isInstanceOf(FilterOutcome.OverBudget.class);
  }

  @Test
  void manyStepsPerIterationAreStopped() {
    String twenty = "[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]";
    String work = "[a,b,a,b,a,b,a,b,a,b]==[b]||".repeat(40) + "true";
    FilterOutcome outcome = test(twenty + ".all(a, " + twenty + ".all(b, " + work + "))");
    assertThat(outcome)
        .isInstanceOfSatisfying(
            FilterOutcome.OverBudget.class, over -> assertThat(over.reason()).contains("steps"));
  }

  @Test
  void concatenationBlowUpIsStopped() {
    String large = "{\"s\": \"" + "x".repeat(200_000) + "\"}";
    String doubled = "(" + "event.data.s + ".repeat(25) + "'')";
    assertThat(test(doubled + " != ''", large))
        .isInstanceOfSatisfying(
            FilterOutcome.OverBudget.class, over -> assertThat(over.reason()).contains("built"));
  }

  @Test
  void searchesAreForShortTexts() {
    String large = "{\"s\": \"" + "x".repeat(20_000) + "\"}";
    assertThat(test("event.data.s.matches('(x+x+)+y')", large))
        .isInstanceOfSatisfying(
            FilterOutcome.OverBudget.class, over -> assertThat(over.reason()).contains("16384"));
    assertThat(test("matches(event.data.s, 'y')", large))
        .isInstanceOf(FilterOutcome.OverBudget.class);
    assertThat(test("event.data.s.contains('y')", large))
        .isInstanceOf(FilterOutcome.OverBudget.class);
    assertThat(test("event.data.s.startsWith('y')", large))
        .isEqualTo(new FilterOutcome.NotMatched());
  }

  @Test
  void wallTimeIsBoundedToo() {
    long[] now = {0};
    var expressions = new Expressions(() -> now[0] += 60_000_000L);
    String thirty = "[0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9]";
    Filter filter = compiled(expressions.filter(thirty + ".all(x, x < 10)"));
    assertThat(filter.test(EventVariables.of(event(DATA))))
        .isInstanceOfSatisfying(
            FilterOutcome.OverBudget.class, over -> assertThat(over.reason()).contains("250 ms"));
  }

  @Test
  void everyFilterSharesTheParsedData() {
    EventVariables event = EventVariables.of(event(DATA));
    Object first = event.fields().get("data");
    compiled(EXPRESSIONS.filter("event.data.n == 3")).test(event);
    assertThat(event.fields().get("data")).isSameAs(first);
  }

  @Test
  void dataThatIsNotJsonIsAString() {
    Event text = event(EventData.of("hello".getBytes(UTF_8), "text/plain"));
    Event binary = event(EventData.of(new byte[] {1}, "image/png"));
    Event none = event(EventData.none());
    assertThat(test("event.data == 'hello'", text)).isEqualTo(new FilterOutcome.Matched());
    assertThat(test("event.data == 'AQ=='", binary)).isEqualTo(new FilterOutcome.Matched());
    assertThat(test("event.data == null", none)).isEqualTo(new FilterOutcome.Matched());
    assertThat(test("event.data.a == 1", text)).isInstanceOf(FilterOutcome.Failed.class);
  }

  @Test
  void beforeAcceptanceTheTimeIsNowAndThereIsNoId() {
    EventVariables event =
        EventVariables.beforeAcceptance(
            PublishedEvent.of("t", "a", EventData.none()), Instant.EPOCH);
    Filter filter = compiled(EXPRESSIONS.filter("event.id == '' && event.time == timestamp(0)"));
    assertThat(filter.test(event)).isEqualTo(new FilterOutcome.Matched());
  }

  private static FilterOutcome test(String expression) {
    return test(expression, DATA);
  }

  private static FilterOutcome test(String expression, String data) {
    return test(expression, event(data));
  }

  private static FilterOutcome test(String expression, Event event) {
    return compiled(EXPRESSIONS.filter(expression)).test(EventVariables.of(event));
  }

  private static Finding finding(String text) {
    Compilation<Filter> compilation = EXPRESSIONS.filter(text);
    assertThat(compilation).isInstanceOf(Compilation.Invalid.class);
    return ((Compilation.Invalid<Filter>) compilation).finding();
  }

  static <T> T compiled(Compilation<T> compilation) {
    assertThat(compilation).isInstanceOf(Compilation.Compiled.class);
    return ((Compilation.Compiled<T>) compilation).expression();
  }

  static Event event(String json) {
    return event(EventData.of(json.getBytes(UTF_8), "application/json"));
  }

  static Event event(EventData data) {
    return new Event(
        new EventId("msg_01kaps5g0000000000000000aa"),
        Instant.parse("2026-11-22T10:00:00Z"),
        new PublishedEvent(
            "acme", "order.created", "/shop", "o-1", null, null, data, null, null, Map.of()));
  }
}
