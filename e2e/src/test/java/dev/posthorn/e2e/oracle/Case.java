package dev.posthorn.e2e.oracle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.Received;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** One request, signed or to be signed. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Case(Secret secret, String id, Instant time, String url, byte[] body, List<Header> headers) {

  Case with(List<Header> signed) {
    return new Case(secret, id, time, url, body, signed);
  }

  /** The same signature over a body of which one bit is another. */
  Case withFlippedBit(Random random) {
    byte[] flipped = body.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    return new Case(secret, id, time, url, flipped, headers);
  }

  Received received() {
    return new Received("POST", url, headers, body);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("secret", secret.signing())
        .put("publicKey", secret.verifying())
        .put("id", id)
        .put("seconds", time.getEpochSecond())
        .put("url", url)
        .put("body", Base64.getEncoder().encodeToString(body));
    ObjectNode lines = json.putObject("headers");
    headers.forEach(header -> lines.put(header.name(), header.value()));
    return json;
  }

  @Override
  public String toString() {
    return "Case[" + time + ", " + body.length + " bytes]";
  }
}
