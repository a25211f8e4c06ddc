package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFileTest {
  private static final String HASH = HexFormat.of().formatHex(TokenFile.hash("open sesame"));
  private static final String OTHER = HexFormat.of().formatHex(TokenFile.hash("another"));

  private static Callers callers(String yaml) {
    return ((TokenFile.Reading.Read) TokenFile.read(yaml)).file().callers();
  }

  private static List<String> problems(String yaml) {
    return ((TokenFile.Reading.Refused) TokenFile.read(yaml)).problems();
  }

  private static String token(String name, String hash, String tenants, String verbs) {
    return "  - {name: %s, sha256: '%s', tenants: %s, verbs: %s}\n"
        .formatted(name, hash, tenants, verbs);
  }

  @Test
  void aTokenIsFoundByItselfAndByNothingElse() {
    Callers callers = callers("tokens:\n" + token("shop", HASH, "[acme]", "[publish]"));
    assertThat(callers.find("open sesame")).map(Caller::name).contains("shop");
    assertThat(callers.find("open sesam")).isEmpty();
    assertThat(callers.find(HASH)).isEmpty();
    assertThat(callers.find("")).isEmpty();
  }

  @Test
  void aTokenMayDoItsVerbsForItsTenantsAlone() {
    Callers callers = callers("tokens:\n" + token("shop", HASH, "[acme, zeta]", "[publish, read]"));
    Caller caller = callers.find("open sesame").orElseThrow();
    assertThat(caller.may(Verb.PUBLISH, "acme")).isTrue();
    assertThat(caller.may(Verb.READ, "zeta")).isTrue();
    assertThat(caller.may(Verb.PAYLOAD, "acme")).isFalse();
    assertThat(caller.may(Verb.READ, "other")).isFalse();
    assertThat(caller.may(Verb.READ, Caller.ALL_TENANTS)).isFalse();
    assertThat(caller.knows("acme")).isTrue();
    assertThat(caller.knows("other")).isFalse();
    assertThat(caller.maySomewhere(Verb.READ)).isTrue();
    assertThat(caller.maySomewhere(Verb.ERASE)).isFalse();
  }

  @Test
  void aStarStandsForAllTenantsAndAllVerbs() {
    Caller caller =
        callers("tokens:\n" + token("root", HASH, "['*']", "['*']"))
            .find("open sesame")
            .orElseThrow();
    assertThat(Verb.values())
        .allSatisfy(verb -> {
          assertThat(caller.may(verb, "anybody")).isTrue();
          assertThat(caller.may(verb, Caller.ALL_TENANTS)).isTrue();
        });
  }

  @Test
  void theAdminTokenMayDoEverything() {
    Callers callers = TokenFile.admin("open sesame").callers();
    assertThat(callers.find("open sesame").orElseThrow().may(Verb.ERASE, "*")).isTrue();
    assertThat(callers.find("other")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokens: [                    | line 1: this is not YAML",
        "tokens: []                   | tokens: there must be at least one token",
        "tokens: {a: b}               | tokens: the file must be one list",
        "just text                    | tokens: the file must be one list",
        "{tokens: [{}], more: 1}      | tokens: the file must be one list",
        "tokens: [{}]                 | tokens[0].name: must be 1 to 63",
        "tokens: [{name: 7}]          | tokens[0].name: must be 1 to 63",
        "tokens: [{sha256: abc}]      | tokens[0].sha256: must be the SHA-256 of the token",
        "tokens: [{token: abc}]       | tokens[0]: the field \"token\" is unknown",
        "tokens: [{tenants: []}]      | tokens[0].tenants: must be a list of tenants",
        "tokens: [{tenants: acme}]    | tokens[0].tenants: must be a list of tenants",
        "tokens: [{tenants: ['a b']}] | tokens[0].tenants: \"a b\" is not a tenant's name",
        "tokens: [{tenants: ['*', a]}]| tokens[0].tenants: \"*\" is not a tenant's name; for all",
        "tokens: [{tenants: [a, a]}]  | tokens[0].tenants: must be a list of tenants",
        "tokens: [{verbs: [write]}]   | tokens[0].verbs: \"write\" is not a verb: there are publish,",
        "tokens: [{verbs: ['*', read]}] | tokens[0].verbs: \"*\" is not a verb",
        "tokens: [{verbs: [1]}]       | tokens[0].verbs: must be a list of verbs (publish,",
        "{tokens: 1, tokens: 2}       | a key is there twice"
      })
  void aMistakeIsNamedWithItsPlaceAndCure(String yaml, String problem) {
    assertThat(problems(yaml)).anySatisfy(line -> assertThat(line).contains(problem));
  }

  @Test
  void nothingIsUsedOfAnEmptyFile() {
    assertThat(problems("")).hasSize(1);
  }

  @Test
  void namesAndHashesAreUnique() {
    String shop = token("shop", HASH, "[acme]", "[read]");
    assertThat(problems("tokens:\n" + shop + token("shop", OTHER, "[acme]", "[read]")))
        .containsExactly("tokens[1].name: is the same as tokens[0]'s: make it unique");
    assertThat(problems("tokens:\n" + shop + token("till", HASH, "[acme]", "[read]")))
        .containsExactly("tokens[1].sha256: is the same as tokens[0]'s: make it unique");
  }

  @Test
  void noMessageShowsATokenOrAHash() {
    String yaml = "tokens: [{name: shop, sha256: 'open sesame'}]";
    assertThat(problems(yaml)).allSatisfy(line -> assertThat(line).doesNotContain("open sesame"));
    assertThat(TokenFile.admin("open sesame").toString()).doesNotContain(HASH);
  }
}
