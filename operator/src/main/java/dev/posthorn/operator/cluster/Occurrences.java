package dev.posthorn.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes Events: what {@code kubectl describe} shows below an object. Told on transitions only.
 * Thread-safe; blocks.
 */
public final class Occurrences {
  private static final Logger LOG = LoggerFactory.getLogger(Occurrences.class);
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int MAX_NOTE = 1_000;

  private final KubernetesClient client;
  private final String reporter;

  /**
   * A recorder.
   *
   * @param reporter name of this process, for {@code reportingInstance}
   */
  public Occurrences(KubernetesClient client, String reporter) {
    this.client = client;
    this.reporter = reporter;
  }

  /** Whether somebody has to act. */
  public enum Type {
    /** In order. */
    Normal,
    /** Look at it. */
    Warning
  }

  /** Records one event. An event that cannot be written is told to the log, and nobody waits. */
  public void record(
      HasMetadata object, Type type, String reason, String action, String message, Instant now) {
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(
                Objects.requireNonNullElse(object.getMetadata().getNamespace(), "default"))
            .withGenerateName(object.getMetadata().getName() + "-")
            .endMetadata()
            .withEventTime(new MicroTime(MICROS.format(now)))
            .withReportingController(Names.FIELD_MANAGER)
            .withReportingInstance(reporter)
            .withType(type.name())
            .withReason(reason)
            .withAction(action)
            .withNote(message.length() > MAX_NOTE ? message.substring(0, MAX_NOTE) : message)
            .withRegarding(
                new ObjectReferenceBuilder()
                    .withApiVersion(object.getApiVersion())
                    .withKind(object.getKind())
                    .withNamespace(object.getMetadata().getNamespace())
                    .withName(object.getMetadata().getName())
                    .withUid(object.getMetadata().getUid())
                    .build())
            .build();
    try {
      client.events().v1().events().resource(event).create();
    } catch (KubernetesClientException e) {
      LOG.atInfo()
          .addKeyValue("object", Names.of(object))
          .addKeyValue("reason", reason)
          .addKeyValue("code", e.getCode())
          .addKeyValue("answer", e.getMessage())
          .log("An event could not be recorded; the object's status says the same.");
    }
  }
}
