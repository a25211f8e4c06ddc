package dev.posthorn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.cli.demo.Arrival.Reaction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class StoryTest {
  private final StringWriter out = new StringWriter();
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final Story story = new Story(new PrintWriter(out), () -> now);

  StoryTest() {
    story.begin();
  }

  @Test
  void aDeliveryThatFailedBeforeIsARecovery() {
    story.arrived(arrival("msg_1", 1, 1, Reaction.FAILED));
    now = now.plusMillis(2300);
    story.arrived(arrival("msg_1", 2, 1, Reaction.ACCEPTED));

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
               0.0 s  acme/orders   order.paid      failed     the receiver answers 503; attempt 1
               2.3 s  acme/orders   order.paid      recovered  delivered with attempt 2, verified
            """);
  }

  @Test
  void plainDeliveriesInAHurryAreCountedInTheNextLine() {
    for (int i = 0; i < 10; i++) {
      story.arrived(arrival("msg_" + i, 1, 1, Reaction.ACCEPTED));
    }
    now = now.plusSeconds(2);
    story.arrived(arrival("msg_10", 1, 1, Reaction.ACCEPTED));

    assertThat(out.toString().lines()).hasSize(5).last().asString().endsWith("and 6 more");
    assertThat(story.verified()).isEqualTo(11);
  }

  @Test
  void aSecondSignatureIsTheRotation() {
    story.arrived(arrival("msg_1", 1, 1, Reaction.ACCEPTED));
    story.arrived(arrival("msg_2", 1, 2, Reaction.ACCEPTED));

    assertThat(out.toString()).contains("rotated    requests now carry 2 signatures");
    assertThat(story.signaturesOf("acme/orders")).isEqualTo(2);
  }

  @Test
  void aRequestThatDoesNotVerifyIsToldAndCounted() {
    story.arrived(new Arrival("acme/orders", "msg_1", "order.paid", 1, 1, false, Reaction.REFUSED));

    assertThat(out.toString()).contains("REFUSED");
    assertThat(story.refused()).isEqualTo(1);
  }

  private static Arrival arrival(String id, int attempt, int signatures, Reaction reaction) {
    return new Arrival("acme/orders", id, "order.paid", attempt, signatures, true, reaction);
  }
}
