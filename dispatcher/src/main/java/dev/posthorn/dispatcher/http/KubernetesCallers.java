package dev.posthorn.dispatcher.http;

import dev.posthorn.core.config.DispatcherSettings.Tenancy;
import dev.posthorn.dispatcher.http.AccessReviews.UnansweredException;
import dev.posthorn.dispatcher.http.AccessReviews.User;
import dev.posthorn.dispatcher.http.AccessReviews.Wish;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The callers of a cluster: ServiceAccounts and users, known by TokenReview, permitted by
 * SubjectAccessReview on {@code tenants} of {@code posthorn.dev}. Answers are remembered by the
 * hash of the token: known callers for 60 s, permissions for 30 s, refusals for 5 s; while the API
 * server is away, known callers keep what they may for an hour, and everybody else is asked to come
 * back. Thread-safe.
 */
public final class KubernetesCallers implements Callers {
  private static final Duration KNOWN = Duration.ofSeconds(60);
  private static final Duration PERMITTED = Duration.ofSeconds(30);
  private static final int RETRY_AFTER_SECONDS = 5;

  private final AccessReviews reviews;
  private final String home;
  private final Supplier<@Nullable Tenancy> tenancy;
  private final AnswerCache<TokenHash, Optional<User>> users;
  private final AnswerCache<Question, Boolean> permissions;

  private record Question(TokenHash token, Wish wish) {}

  KubernetesCallers(
      AccessReviews reviews,
      String home,
      Supplier<@Nullable Tenancy> tenancy,
      InstantSource clock) {
    this.reviews = reviews;
    this.home = home;
    this.tenancy = tenancy;
    this.users = new AnswerCache<>(KNOWN, Optional::isPresent, clock);
    this.permissions = new AnswerCache<>(PERMITTED, Boolean::booleanValue, clock);
  }

  /**
   * The callers of the cluster that {@code client} speaks to.
   *
   * @param home the Dispatcher's namespace: whose permissions count where tenants are no namespaces
   * @param tenancy who is a tenant; null as long as that is not known
   */
  public static KubernetesCallers of(
      KubernetesClient client,
      String home,
      Supplier<@Nullable Tenancy> tenancy,
      InstantSource clock) {
    return new KubernetesCallers(new KubernetesReviews(client), home, tenancy, clock);
  }

  @Override
  public Optional<Caller> find(String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    TokenHash hash = TokenHash.of(token);
    try {
      return users.get(hash, () -> reviews.user(token)).map(user -> new Known(hash, user));
    } catch (UnansweredException e) {
      throw away();
    }
  }

  private boolean may(TokenHash token, User user, Verb verb, String tenant) {
    Wish wish = wish(verb, tenant);
    try {
      return permissions.get(new Question(token, wish), () -> reviews.may(user, wish));
    } catch (UnansweredException e) {
      throw away();
    }
  }

  private Wish wish(Verb verb, String tenant) {
    boolean all = tenant.equals(Caller.ALL_TENANTS);
    String namespace = all ? "" : namespace(tenant);
    String name = all ? "" : tenant;
    return switch (verb) {
      case PUBLISH -> new Wish(namespace, name, "events", "create");
      case READ -> new Wish(namespace, name, "attempts", "get");
      case PAYLOAD -> new Wish(namespace, name, "payloads", "get");
      case OPERATE -> new Wish(namespace, name, "endpoints", "update");
      case MANAGE -> new Wish(namespace, name, "endpoints", "create");
      case KEYS -> new Wish(namespace, name, "keys", "update");
      case ERASE -> new Wish(namespace, name, "data", "delete");
    };
  }

  /** Whose permissions count must be known: a guess might let a tenant see another's. */
  private String namespace(String tenant) {
    return switch (tenancy.get()) {
      case NAMESPACE -> tenant;
      case FIELD -> home;
      case null ->
          throw Problem.of(
                  ProblemType.NOT_READY,
                  "the configuration is not complete yet, so nobody can be permitted anything: try"
                      + " again")
              .retryAfter(RETRY_AFTER_SECONDS)
              .exception();
    };
  }

  private static ProblemException away() {
    return Problem.of(
            ProblemType.NOT_READY,
            "the Kubernetes API server does not say who calls and what he may do: try again; if it"
                + " lasts, the platform team checks whether it answers and whether the dispatcher"
                + " may create TokenReviews and SubjectAccessReviews")
        .retryAfter(RETRY_AFTER_SECONDS)
        .exception();
  }

  private final class Known implements Caller {
    private final TokenHash token;
    private final User user;

    Known(TokenHash token, User user) {
      this.token = token;
      this.user = user;
    }

    @Override
    public String name() {
      return user.name();
    }

    @Override
    public boolean may(Verb verb, String tenant) {
      return KubernetesCallers.this.may(token, user, verb, tenant);
    }

    @Override
    public boolean maySomewhere(Verb verb) {
      return true; // only the tenant's name decides, and that is in the request
    }
  }
}
