package dev.posthorn.dispatcher.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers with problems where the server itself refuses: before a request is whole, or stopping.
 */
final class ParserProblems extends ErrorHandler {
  private final RequestIds requestIds;

  ParserProblems(RequestIds requestIds) {
    this.requestIds = requestIds;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status =
        request.getAttribute(ERROR_STATUS) instanceof Integer told ? told : response.getStatus();
    Reply reply = problem(status).reply();
    response.setStatus(reply.status());
    String id = requestIds.of(request.getHeaders().get(RequestHandler.REQUEST_ID));
    put(response.getHeaders(), reply, id);
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
    return true;
  }

  private static void put(HttpFields.Mutable fields, Reply reply, String id) {
    fields.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    fields.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
    fields.put(RequestHandler.REQUEST_ID, id);
    reply.headers().forEach(fields::put);
  }

  private static Problem problem(int status) {
    ProblemType type = ProblemType.ofStatus(status);
    return switch (type) {
      case NOT_READY ->
          Problem.of(type, "Posthorn is stopping: send the request again").retryAfter(5);
      case HEADERS_TOO_LARGE ->
          Problem.of(
              type, "request line and headers exceed their limit: send fewer or shorter ones");
      case INTERNAL -> Problem.of(type, "try again, and report the X-Request-Id of this answer");
      default -> Problem.of(type, "this is not a well-formed HTTP/1.1 request: check the client");
    };
  }
}
