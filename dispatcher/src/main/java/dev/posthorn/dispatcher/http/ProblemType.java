package dev.posthorn.dispatcher.http;

import java.util.Locale;

/**
 * Every kind of problem that a call can end in: its status, its title, and its {@code type} URI,
 * which is made of the constant's name and never changes. The constant's comment says what it means
 * and what the caller can do.
 */
public enum ProblemType {
  /** Not what its content type says, or not HTTP. Cure: send what the detail asks for. */
  UNREADABLE(400, "The request could not be read"),
  /** A query parameter is unknown, repeated or out of bounds. Cure: the detail names the bounds. */
  BAD_PARAMETER(400, "A query parameter is wrong"),
  /**
   * No token, or one that nobody knows. Cure: send a known one as {@code Authorization: Bearer}.
   */
  UNAUTHENTICATED(401, "A valid token is needed"),
  /** The token is known and lacks the verb. Cure: use another token, or have the verb added. */
  FORBIDDEN(403, "The token does not permit this"),
  /** No such call or object, or another tenant's. Cure: check path, tenant and token. */
  NOT_FOUND(404, "Not found"),
  /** The path exists, the method does not. Cure: use a method of the {@code Allow} header. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  /** The body did not arrive in time. Cure: send it again, faster or smaller. */
  REQUEST_TIMEOUT(408, "The request took too long to arrive"),
  /** What is there does not permit it. Cure: the detail says what has to come first. */
  CONFLICT(409, "The present state does not permit this"),
  /** The body or the payload is over its limit; nothing of it was taken. Cure: send less. */
  TOO_LARGE(413, "The request is too large"),
  /** The content type is none that the call takes. Cure: the detail names them. */
  UNSUPPORTED_TYPE(415, "The content type is not supported"),
  /** Readable, but a field is missing or out of bounds. Cure: mend the field named. */
  INVALID(422, "A field is missing or wrong"),
  /** The tenant is over its own quota, and no other is. Cure: wait for Retry-After; make room. */
  TENANT_QUOTA(429, "The tenant is over its quota"),
  /** Request line and headers are over 32 KiB. Cure: send fewer or shorter headers. */
  HEADERS_TOO_LARGE(431, "The request's headers are too large"),
  /** A fault of Posthorn. Cure: report the request id; the log has the cause under it. */
  INTERNAL(500, "Posthorn failed"),
  /** The method or the transfer coding is unknown to HTTP servers. Cure: use a common one. */
  NOT_IMPLEMENTED(501, "Not implemented"),
  /** No complete configuration yet, or stopping. Cure: wait for Retry-After. */
  NOT_READY(503, "Posthorn is not ready"),
  /** The store cannot be written or read. Cure: wait; the platform team checks disk or database. */
  STORE_UNAVAILABLE(503, "The store is not available"),
  /** More is in flight than memory allows. Cure: wait for Retry-After, then slow down. */
  OVERLOADED(503, "Posthorn is overloaded"),
  /** The tenant is being erased. Cure: wait for Retry-After; it may publish again afterwards. */
  TENANT_ERASING(503, "The tenant is being erased"),
  /** Not HTTP/1.0 or HTTP/1.1. Cure: use HTTP/1.1. */
  HTTP_VERSION(505, "The HTTP version is not supported");

  private static final String PREFIX = "https://posthorn.dev/problems/";

  private final int status;
  private final String title;
  private final String uri = PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** The type that says the same as a bare status of the HTTP parser. */
  static ProblemType ofStatus(int status) {
    return switch (status) {
      case 404 -> NOT_FOUND;
      case 408 -> REQUEST_TIMEOUT;
      case 409 -> CONFLICT;
      case 413 -> TOO_LARGE;
      case 414, 431 -> HEADERS_TOO_LARGE;
      case 501 -> NOT_IMPLEMENTED;
      case 503 -> NOT_READY;
      case 505 -> HTTP_VERSION;
      default -> status >= 500 ? INTERNAL : UNREADABLE;
    };
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** What happened, the same words for every occurrence. */
  public String title() {
    return title;
  }

  /** The {@code type} member: an identifier, not necessarily a page. */
  public String uri() {
    return uri;
  }
}
