package dev.posthorn.dispatcher.send;

import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressRule;
import dev.posthorn.core.egress.Verdict.Denied;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;

/**
 * URLs as one policy judges them and the client reads them. Both depend on nothing else, and the
 * same URL is sent to again and again, so each is judged once. Any thread.
 */
final class Targets {
  /** More than any dispatcher has endpoints; beyond it all are judged anew. */
  private static final int MOST = 20_000;

  private final EgressGuard guard;
  private final Map<Key, Target> judged = new ConcurrentHashMap<>();

  Targets(EgressGuard guard) {
    this.guard = guard;
  }

  /** What a URL turned out to be. */
  sealed interface Target {
    /** It may be sent to, as far as the URL tells. */
    record Open(HttpUrl url) implements Target {}

    /** It may not. */
    record Closed(Denied denied) implements Target {}
  }

  /** The URL of an endpoint in {@code namespace}. */
  Target of(String url, String namespace) {
    if (judged.size() > MOST) {
      judged.clear();
    }
    return judged.computeIfAbsent(new Key(namespace, url), this::judge);
  }

  private Target judge(Key key) {
    if (guard.judgeUrl(key.url, key.namespace) instanceof Denied denied) {
      return new Target.Closed(denied);
    }
    var url = HttpUrl.parse(key.url);
    if (url == null) {
      return new Target.Closed(new Denied(EgressRule.NOT_A_URL, "the client cannot read the URL"));
    }
    // Judged again as the client reads it, should the two ever differ.
    return guard.judgeName(url.host(), url.port(), key.namespace) instanceof Denied denied
        ? new Target.Closed(denied)
        : new Target.Open(url);
  }

  private record Key(String namespace, String url) {
    /** The URL may be a credential. */
    @Override
    public String toString() {
      return namespace;
    }
  }
}
