package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.http.ProblemType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {
  private final Contract contract = new Contract();

  private List<String> texts(String pointer) {
    JsonNode list = contract.document().at(pointer);
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  @Test
  void theDocumentHasExactlyTheCallsOfTheServer(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      assertThat(contract.operations().stream().map(o -> o.method() + " " + o.path()))
          .containsExactlyInAnyOrderElementsOf(
              api.router().routes().stream()
                  .map(route -> route.method() + " " + route.template())
                  .toList());
    }
  }

  @Test
  void everyOperationHasANameOfItsOwn() {
    assertThat(contract.operations().stream().map(Contract.Operation::id))
        .doesNotContain("")
        .doesNotHaveDuplicates();
  }

  @Test
  void theDocumentHasEveryClassAndEveryProblem() {
    assertThat(texts("/components/schemas/Class/enum"))
        .containsExactlyElementsOf(
            Stream.of(OutcomeClass.values()).map(OutcomeClass::wire).toList());
    assertThat(texts("/components/schemas/Problem/properties/type/enum"))
        .containsExactlyElementsOf(Stream.of(ProblemType.values()).map(ProblemType::uri).toList());
  }

  @Test
  void theServerGivesTheDocumentToWhomItKnows(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      var answer = api.get("publisher", "/v1/openapi.yaml").is(200);
      assertThat(answer.response().body()).startsWith("openapi: 3.1.0");
    }
  }

  @Test
  void callsThatAreNotBuiltYetAreNotThere(@TempDir Path directory) {
    try (var api = new ApiServer(directory)) {
      api.post("admin", "/v1/tenants/acme/portal-sessions", "application/json", "{}").is(404);
      assertThat(
              api.call("PUT", "/v1/tenants/acme/endpoints/erp", "admin", Map.of(), new byte[0])
                  .is(405)
                  .header("allow"))
          .isEqualTo("GET, HEAD");
    }
  }
}
