package dev.posthorn.dispatcher.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one token file and collects everything that is wrong with it. Used once. */
final class TokenFileReader {
  private static final ObjectReader YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build().reader();
  private static final Set<String> FIELDS = Set.of("name", "sha256", "tenants", "verbs");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final String VERBS =
      Stream.of(Verb.values()).map(Verb::wire).collect(Collectors.joining(", "));

  private final List<String> problems = new ArrayList<>();

  TokenFile.Reading read(String yaml) {
    List<TokenFile.Token> tokens = parse(yaml).map(this::tokens).orElse(List.of());
    if (problems.isEmpty()) {
      unique("name", tokens.stream().map(TokenFile.Token::name).toList());
      unique("sha256", tokens.stream().map(TokenFile.Token::sha256).toList());
    }
    return problems.isEmpty()
        ? new TokenFile.Reading.Read(new TokenFile(tokens))
        : new TokenFile.Reading.Refused(List.copyOf(problems));
  }

  private Optional<JsonNode> parse(String yaml) {
    try {
      return Optional.of(YAML.readTree(yaml));
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      problem(
          "line " + (at == null ? 1 : at.getLineNr()), "this is not YAML, or a key is there twice");
      return Optional.empty();
    }
  }

  private List<TokenFile.Token> tokens(JsonNode root) {
    JsonNode list = root.path("tokens");
    if (!root.isObject() || !list.isArray() || root.size() != 1) {
      problem("tokens", "the file must be one list: tokens: [{name, sha256, tenants, verbs}]");
      return List.of();
    }
    if (list.isEmpty()) {
      problem("tokens", "there must be at least one token, or nobody could call");
    }
    var tokens = new ArrayList<TokenFile.Token>();
    for (int i = 0; i < list.size(); i++) {
      tokens.add(token("tokens[" + i + "]", list.get(i)));
    }
    return tokens;
  }

  private TokenFile.Token token(String at, JsonNode node) {
    node.fieldNames()
        .forEachRemaining(field -> {
          if (!FIELDS.contains(field)) {
            problem(
                at,
                "the field \"" + field + "\" is unknown: there are name, sha256, tenants, verbs");
          }
        });
    return new TokenFile.Token(
        text(at + ".name", node.get("name"), NAME, "1 to 63 letters, digits, '.', '_' or '-'"),
        text(
            at + ".sha256",
            node.get("sha256"),
            HASH,
            "the SHA-256 of the token: 64 lower-case hex digits, quoted (printf %s \"$TOKEN\" |"
                + " sha256sum)"),
        tenants(at + ".tenants", node.get("tenants")),
        verbs(at + ".verbs", node.get("verbs")));
  }

  private String text(String at, @Nullable JsonNode node, Pattern form, String wanted) {
    if (node != null && node.isTextual() && form.matcher(node.textValue()).matches()) {
      return node.textValue();
    }
    problem(at, "must be " + wanted);
    return "";
  }

  private Set<String> tenants(String at, @Nullable JsonNode node) {
    Set<String> tenants = strings(at, node, "tenants, or [\"*\"] for all");
    for (String tenant : tenants) {
      if (tenant.equals(Caller.ALL_TENANTS) ? tenants.size() > 1 : !Tenants.valid(tenant)) {
        problem(at, "\"" + tenant + "\" is not a tenant's name; for all write [\"*\"] alone");
      }
    }
    return tenants;
  }

  private Set<Verb> verbs(String at, @Nullable JsonNode node) {
    Set<String> names = strings(at, node, "verbs (" + VERBS + "), or [\"*\"] for all");
    if (names.equals(Set.of("*"))) {
      return EnumSet.allOf(Verb.class);
    }
    var verbs = EnumSet.noneOf(Verb.class);
    for (String name : names) {
      Verb.ofWire(name)
          .ifPresentOrElse(
              verbs::add,
              () ->
                  problem(
                      at,
                      "\""
                          + name.toLowerCase(Locale.ROOT)
                          + "\" is not a verb: there are "
                          + VERBS));
    }
    return verbs;
  }

  private Set<String> strings(String at, @Nullable JsonNode node, String wanted) {
    var strings = new HashSet<String>();
    if (node == null || !node.isArray() || node.isEmpty()) {
      problem(at, "must be a list of " + wanted);
      return strings;
    }
    for (JsonNode item : node) {
      if (!item.isTextual() || !strings.add(item.textValue())) {
        problem(at, "must be a list of " + wanted + ", each once");
      }
    }
    return strings;
  }

  private void unique(String field, List<String> values) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      Integer before = first.putIfAbsent(values.get(i), i);
      if (before != null) {
        problem(
            "tokens[" + i + "]." + field,
            "is the same as tokens[" + before + "]'s: make it unique");
      }
    }
  }

  private void problem(String at, String what) {
    problems.add(at + ": " + what);
  }
}
