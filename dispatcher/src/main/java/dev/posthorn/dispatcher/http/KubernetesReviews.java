package dev.posthorn.dispatcher.http;

import dev.posthorn.crds.Api;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** TokenReviews and SubjectAccessReviews of a cluster. */
final class KubernetesReviews implements AccessReviews {
  private static final String RESOURCE = "tenants";

  private final KubernetesClient client;

  KubernetesReviews(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<User> user(String token) {
    var asked = new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build();
    TokenReview answer;
    try {
      answer = client.tokenReviews().create(asked);
    } catch (KubernetesClientException e) {
      throw new UnansweredException(withoutRequest(e));
    }
    var status = answer.getStatus();
    boolean known = status != null && Boolean.TRUE.equals(status.getAuthenticated());
    return known
        ? Optional.ofNullable(status.getUser()).map(KubernetesReviews::user)
        : Optional.empty();
  }

  private static User user(UserInfo info) {
    return new User(
        Objects.requireNonNullElse(info.getUsername(), ""),
        Objects.requireNonNullElse(info.getUid(), ""),
        List.copyOf(orEmpty(info.getGroups())),
        info.getExtra() == null ? Map.of() : Map.copyOf(info.getExtra()));
  }

  private static List<String> orEmpty(@Nullable List<String> list) {
    return list == null ? List.of() : list;
  }

  @Override
  public boolean may(User user, Wish wish) {
    SubjectAccessReview asked =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user.name())
            .withUid(user.uid())
            .withGroups(user.groups())
            .withExtra(user.extra())
            .withNewResourceAttributes()
            .withGroup(Api.GROUP)
            .withResource(RESOURCE)
            .withSubresource(wish.subresource())
            .withVerb(wish.verb())
            .withNamespace(wish.namespace())
            .withName(wish.tenant())
            .endResourceAttributes()
            .endSpec()
            .build();
    try {
      var status = client.authorization().v1().subjectAccessReview().create(asked).getStatus();
      return status != null && Boolean.TRUE.equals(status.getAllowed());
    } catch (KubernetesClientException e) {
      throw new UnansweredException(withoutRequest(e));
    }
  }

  /** The code and kind of the failure; a message might quote what was asked, which is a token. */
  private static Throwable withoutRequest(KubernetesClientException e) {
    return new IllegalStateException("status " + e.getCode());
  }
}
