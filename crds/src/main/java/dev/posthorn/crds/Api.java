package dev.posthorn.crds;

import java.util.List;

/** The API group of all kinds. */
public final class Api {
  /** The group. */
  public static final String GROUP = "posthorn.dev";

  /** The one version that is served and stored. */
  public static final String VERSION = "v1alpha1";

  /** What a manifest writes as {@code apiVersion}. */
  public static final String API_VERSION = GROUP + "/" + VERSION;

  /**
   * The label by which the author of a Secret or ConfigMap consents to references; its value is
   * {@code true}.
   */
  public static final String READABLE_LABEL = GROUP + "/readable";

  /** The kinds, in the order of the documentation. */
  public static final List<String> KINDS =
      List.of(
          "WebhookEndpoint",
          "SigningSecret",
          "SignatureScheme",
          "EventStream",
          "WebhookSource",
          "Dispatcher");

  private Api() {}
}
