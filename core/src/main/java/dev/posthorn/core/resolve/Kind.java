package dev.posthorn.core.resolve;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kinds of objects that are read. */
public enum Kind {
  /** Who receives which events, signed how. */
  WEBHOOK_ENDPOINT("WebhookEndpoint"),
  /** Keys and their rotation. */
  SIGNING_SECRET("SigningSecret"),
  /** How to sign and verify; cluster-scoped. */
  SIGNATURE_SCHEME("SignatureScheme"),
  /** Where events are read from. */
  EVENT_STREAM("EventStream"),
  /** Webhooks that come in. */
  WEBHOOK_SOURCE("WebhookSource"),
  /** Settings of a dispatcher. */
  DISPATCHER("Dispatcher"),
  /** A core Secret. */
  SECRET("Secret"),
  /** A core ConfigMap. */
  CONFIG_MAP("ConfigMap");

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  /** The {@code kind} of a manifest. */
  public String title() {
    return title;
  }

  /** Whether it belongs to Kubernetes itself. */
  boolean core() {
    return this == SECRET || this == CONFIG_MAP;
  }

  boolean namespaced() {
    return this != SIGNATURE_SCHEME;
  }

  static Optional<Kind> of(String title) {
    return Arrays.stream(values()).filter(kind -> kind.title.equals(title)).findFirst();
  }

  static List<String> titles() {
    return Arrays.stream(values()).map(Kind::title).toList();
  }

  @Override
  public String toString() {
    return title;
  }
}
