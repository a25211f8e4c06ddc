package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.TypePattern;
import dev.posthorn.dispatcher.http.Call;
import dev.posthorn.dispatcher.http.Problem;
import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.ProblemType;
import dev.posthorn.dispatcher.store.ReplayWish;
import dev.posthorn.dispatcher.store.ReplayWish.Select;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call that starts a replay.
 *
 * @param endpoint its name; not looked up yet
 * @param toTime null for the present
 */
record ReplayBody(
    String endpoint,
    Select select,
    List<String> types,
    @Nullable Instant fromTime,
    @Nullable Instant toTime,
    List<EventId> eventIds,
    int ratePerSecond) {
  private static final int BYTES = 64 << 10;
  private static final int MOST_TYPES = 100;
  private static final int LONGEST_TYPE = 256;
  private static final int MOST_EVENTS = 1_000;
  private static final int DEFAULT_RATE = 100;
  private static final int MOST_RATE = 1_000;
  private static final List<String> FIELDS =
      List.of("endpoint", "select", "types", "fromTime", "toTime", "eventIds", "ratePerSecond");
  private static final String SELECTS =
      Stream.of(Select.values()).map(Select::wire).collect(Collectors.joining(", "));

  /** Reads it; refuses with 400, 413, 415 or 422 what is no such body. */
  static ReplayBody read(Call call) {
    JsonNode body =
        ActionBody.object(call, BYTES)
            .orElseThrow(
                () -> wrong("endpoint", "a replay needs at least an endpoint and what to select"));
    body.fieldNames()
        .forEachRemaining(name -> {
          if (!FIELDS.contains(name)) {
            throw wrong(name, "the field is unknown; known are " + String.join(", ", FIELDS));
          }
        });
    return new ReplayBody(
        endpoint(body),
        select(body),
        list(body, "types", MOST_TYPES, ReplayBody::type),
        time(body, "fromTime"),
        time(body, "toTime"),
        list(body, "eventIds", MOST_EVENTS, ReplayBody::eventId),
        rate(body));
  }

  /**
   * The wish that it is for an endpoint.
   *
   * @param now what is accepted later is not part of it
   */
  ReplayWish wish(int number, Instant now) {
    Instant end =
        toTime == null || toTime.isAfter(now)
            ? now.truncatedTo(ChronoUnit.MILLIS).plusMillis(1)
            : toTime;
    if (fromTime != null && !fromTime.isBefore(end)) {
      throw toTime == null || toTime.isAfter(now)
          ? wrong("fromTime", "fromTime must be in the past")
          : wrong("toTime", "toTime must be later than fromTime");
    }
    return new ReplayWish(number, select, types, fromTime, end, eventIds, ratePerSecond);
  }

  private static String endpoint(JsonNode body) {
    JsonNode name = body.path("endpoint");
    if (!name.isTextual() || name.asText().isEmpty()) {
      throw wrong(
          "endpoint", "endpoint must be the name of an endpoint: GET .../endpoints lists them");
    }
    return name.asText();
  }

  private static Select select(JsonNode body) {
    return Select.ofWire(body.path("select").asText())
        .orElseThrow(() -> wrong("select", "select must be one of " + SELECTS));
  }

  private static int rate(JsonNode body) {
    JsonNode rate = body.path("ratePerSecond");
    if (rate.isMissingNode()) {
      return DEFAULT_RATE;
    }
    if (!rate.isInt() || rate.intValue() < 1 || rate.intValue() > MOST_RATE) {
      throw wrong("ratePerSecond", "ratePerSecond must be a number from 1 to " + MOST_RATE);
    }
    return rate.intValue();
  }

  private static @Nullable Instant time(JsonNode body, String name) {
    JsonNode time = body.path(name);
    if (time.isMissingNode()) {
      return null;
    }
    try {
      return OffsetDateTime.parse(time.asText()).toInstant();
    } catch (DateTimeParseException e) {
      throw wrong(name, name + " must be a time as 2026-11-22T10:00:00Z (RFC 3339)");
    }
  }

  private static <T> List<T> list(
      JsonNode body, String name, int most, Function<String, T> element) {
    JsonNode list = body.path(name);
    if (list.isMissingNode()) {
      return List.of();
    }
    if (!list.isArray() || list.isEmpty() || list.size() > most) {
      throw wrong(name, "%s must be a list of 1 to %d texts".formatted(name, most));
    }
    var elements = new ArrayList<T>();
    for (JsonNode each : list) {
      elements.add(element.apply(each.isTextual() ? each.asText() : ""));
    }
    return elements;
  }

  private static String type(String text) {
    boolean readable =
        text.length() <= LONGEST_TYPE && text.chars().noneMatch(Character::isISOControl);
    try {
      TypePattern.parse(readable ? text : "");
      return text;
    } catch (IllegalArgumentException e) {
      throw wrong(
          "types",
          "each of types must be an exact type, \"prefix.*\" or \"*\", at most %d characters"
              .formatted(LONGEST_TYPE));
    }
  }

  private static EventId eventId(String text) {
    return EventId.parse(text)
        .orElseThrow(() ->
            wrong(
                "eventIds",
                "each of eventIds must be an id that publishing answered: msg_ and 26 characters"));
  }

  private static ProblemException wrong(String field, String detail) {
    return Problem.of(ProblemType.INVALID, field, detail).exception();
  }
}
