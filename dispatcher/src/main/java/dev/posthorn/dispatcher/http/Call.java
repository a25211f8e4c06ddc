package dev.posthorn.dispatcher.http;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** One permitted call, as its handler sees it. Used by the thread of the call alone. */
public final class Call {
  private final Request request;
  private final RequestBody body;
  private final Map<String, String> path;
  private final Caller caller;
  private final String requestId;

  Call(
      Request request,
      RequestBody body,
      Map<String, String> path,
      Caller caller,
      String requestId) {
    this.request = request;
    this.body = body;
    this.path = path;
    this.caller = caller;
    this.requestId = requestId;
  }

  /** Who calls. */
  public Caller caller() {
    return caller;
  }

  /** The request's name in answers and logs. */
  public String requestId() {
    return requestId;
  }

  /**
   * A parameter of the path, decoded and not empty.
   *
   * @throws IllegalArgumentException if the route's template has no such parameter
   */
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no path parameter {" + name + "}");
    }
    return value;
  }

  /**
   * The query parameters.
   *
   * @param known the names that this call has
   * @throws ProblemException 400 for any other, a repeated or a badly escaped one
   */
  public Query query(String... known) {
    return Query.read(request.getHttpURI().getQuery(), List.of(known));
  }

  /** The first header of this name, in any case; null where there is none. */
  public @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  /** Gives each header line's name and value to {@code reader}, in order. */
  public void headers(BiConsumer<String, String> reader) {
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      reader.accept(field.getName(), value == null ? "" : value);
    }
  }

  /**
   * The whole body; blocks until it is there.
   *
   * @param limit bytes
   * @throws ProblemException 413 where it is larger, 408 where it takes too long
   */
  public byte[] body(int limit) {
    return body.read(limit);
  }
}
