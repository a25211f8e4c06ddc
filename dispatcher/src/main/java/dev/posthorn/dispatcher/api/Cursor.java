package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.ProblemException;
import dev.posthorn.dispatcher.http.Query;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on, as callers see it: opaque, and good for the list that it came from alone.
 *
 * @param list the name of the list
 */
record Cursor(String list) {
  private static final Pattern FORM = Pattern.compile("([a-z-]+):(\\p{Graph}{1,200})");

  /** What the caller is given for the list's own mark. */
  @Nullable String wrap(@Nullable String mark) {
    return mark == null
        ? null
        : Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString((list + ":" + mark).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The list's own mark.
   *
   * @throws ProblemException 400 for anything that {@link #wrap} did not make for this list
   */
  @Nullable String unwrap(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    Matcher matcher = FORM.matcher(text(cursor));
    if (!matcher.matches() || !matcher.group(1).equals(list)) {
      throw foreign();
    }
    return matcher.group(2);
  }

  /** It was not made by {@link #wrap} for this list. */
  ProblemException foreign() {
    return Query.wrong(
        "cursor", "this is not a cursor of this list: take \"next\" of the page before, unchanged");
  }

  private static String text(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
