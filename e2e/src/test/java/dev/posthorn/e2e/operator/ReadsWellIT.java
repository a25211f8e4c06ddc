package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples, and what people read of them with kubectl. */
class ReadsWellIT {
  @Test
  void theSamplesBecomeReadyAndReadWell() throws Exception {
    Installed cluster = Installed.get();
    cluster.applyKustomization("config/samples");

    for (String what :
        new String[] {
          "dispatcher/default -n posthorn-system",
          "whe --all -n acme",
          "whe --all -n globex",
          "sis --all -n acme",
          "sis --all -n globex"
        }) {
      var command =
          new ArrayList<String>(List.of("wait", "--for=condition=Ready", "--timeout=60s"));
      command.addAll(List.of(what.split(" ", -1)));
      assertThat(cluster.kubectl(command.toArray(String[]::new)).succeeded())
          .contains("condition met");
    }
    assertThat(cluster.kubectl("get", "dsp", "-n", "posthorn-system").succeeded())
        .containsPattern("NAME +READY +STORE +PODS +ENDPOINTS +AGE")
        .containsPattern("default +True +Sqlite +1 +\\d+ +");
    assertThat(cluster.kubectl("get", "whe", "-n", "acme").succeeded())
        .containsPattern("NAME +READY +REASON +HOST +DELIVERING +AGE")
        .containsPattern("orders +True +Programmed +hooks.acme.example +Unknown +");
    assertThat(cluster.kubectl("get", "sis", "-n", "acme").succeeded())
        .containsPattern("NAME +READY +ACTIVE KEY +NEXT ROTATION +AGE")
        .containsPattern("billing +True +k_[0-9a-f]{6} +")
        .containsPattern("orders +True +k_[0-9a-f]{6} +20\\d\\d-");
    assertThat(cluster.kubectl("describe", "whe", "orders", "-n", "acme").succeeded())
        .contains("every ready pod works with it");
    cluster.eventually(
        "an event says so too",
        () ->
            cluster
                .kubectl("describe", "whe", "orders", "-n", "acme")
                .succeeded()
                .matches("(?s).*Normal +Ready +.*"));
  }
}
