package dev.posthorn.core.config;

import java.net.URI;

/**
 * The URL that requests go to. It may hold a credential in its path or query (Slack, Zapier), so
 * status, logs and {@code toString} show its {@link #origin} only.
 *
 * @param url absolute; judged by {@code core.egress} before every use
 * @param secret whether it came from a Secret
 */
public record Target(String url, boolean secret) {

  /** Scheme, host and port: what people may see of it. */
  public String origin() {
    try {
      URI uri = URI.create(url);
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return uri.getHost() == null ? "(no host)" : uri.getScheme() + "://" + uri.getHost() + port;
    } catch (IllegalArgumentException notAUrl) {
      return "(no URL)";
    }
  }

  @Override
  public String toString() {
    return origin();
  }
}
