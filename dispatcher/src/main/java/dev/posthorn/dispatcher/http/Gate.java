package dev.posthorn.dispatcher.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decides whether a call may be made: who calls, then whether he may. */
final class Gate {
  private static final Caller NOBODY = new Nobody();
  private static final String SCHEME = "Bearer ";

  private final Callers callers;

  Gate(Callers callers) {
    this.callers = callers;
  }

  /**
   * The caller of a permitted call.
   *
   * @param authorization the header, if there is exactly one
   * @param path the path parameters
   * @throws ProblemException 401, 403, or 404 for a tenant that the caller must not know of
   */
  Caller admit(Access access, @Nullable String authorization, Map<String, String> path) {
    if (access instanceof Access.Open) {
      return NOBODY;
    }
    Caller caller = authenticate(authorization);
    switch (access) {
      case Access.Open open -> {}
      case Access.Known known -> {}
      case Access.OfTenant(Verb verb) -> tenant(caller, verb, path);
      case Access.OfPlatform(Verb verb) -> {
        if (!caller.may(verb, Caller.ALL_TENANTS)) {
          throw forbidden(caller, verb, "all tenants").exception();
        }
      }
      case Access.Somewhere(Verb verb) -> {
        if (!caller.maySomewhere(verb)) {
          throw forbidden(caller, verb, "any tenant").exception();
        }
      }
    }
    return caller;
  }

  private Caller authenticate(@Nullable String authorization) {
    if (authorization == null) {
      throw unauthenticated("send the header \"Authorization: Bearer <token>\", once");
    }
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw unauthenticated("the Authorization header must be \"Bearer\" and a token");
    }
    return callers
        .find(authorization.substring(SCHEME.length()).strip())
        .orElseThrow(() ->
            unauthenticated("nobody has this token: check that it is whole and not withdrawn"));
  }

  private static void tenant(Caller caller, Verb verb, Map<String, String> path) {
    String tenant = path.get("tenant");
    if (tenant == null) {
      throw new IllegalStateException("a route of Access.OfTenant has no {tenant} in its template");
    }
    if (!Tenants.valid(tenant) || !caller.knows(tenant)) {
      throw Problem.of(ProblemType.NOT_FOUND, Tenants.UNKNOWN).exception();
    }
    if (!caller.may(verb, tenant)) {
      throw forbidden(caller, verb, "this tenant").exception();
    }
  }

  private static Problem forbidden(Caller caller, Verb verb, String where) {
    return Problem.of(
        ProblemType.FORBIDDEN,
        "the token \""
            + caller.name()
            + "\" lacks the verb \""
            + verb.wire()
            + "\" for "
            + where
            + ": use another token, or have the verb added to this one");
  }

  private static ProblemException unauthenticated(String detail) {
    return new Problem(
            ProblemType.UNAUTHENTICATED,
            detail,
            "Authorization",
            Map.of("WWW-Authenticate", "Bearer realm=\"posthorn\""))
        .exception();
  }

  /** The caller of an open call. */
  private record Nobody() implements Caller {
    @Override
    public String name() {
      return "nobody";
    }

    @Override
    public boolean may(Verb verb, String tenant) {
      return false;
    }

    @Override
    public boolean maySomewhere(Verb verb) {
      return false;
    }
  }
}
