package dev.posthorn.dispatcher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.EgressPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** With a real listener; names are given addresses by hand. */
class GuardedBrokerTest {
  private static final String NAME = "redis.acme.example";

  private final List<String> lookedUp = new ArrayList<>();
  private ServerSocket listener;

  @BeforeEach
  void listen() throws IOException {
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    listener.close();
  }

  @Test
  void anAddressIsJudgedWhateverNameLedToIt() {
    assertThatThrownBy(() -> broker(policy(List.of()), "127.0.0.1").createSocket())
        .isInstanceOf(DeniedBrokerException.class)
        .hasMessageContaining("127.0.0.1");
    assertThat(lookedUp).containsExactly(NAME + ".");
  }

  @Test
  void onlyTheAllowedAddressesOfAnAnswerAreDialled() throws IOException {
    var broker =
        broker(policy(List.of(AllowedCidr.parse("127.0.0.1/32"))), "127.0.0.2", "127.0.0.1");
    try (var socket = broker.createSocket()) {
      assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("127.0.0.1");
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  void aNameThatThePolicyClosesIsNotEvenLookedUp() {
    var closed =
        new EgressPolicy(
            Set.of(443), false, List.of(), List.of(), List.of(), List.of(), "cluster.local");
    assertThatThrownBy(() -> broker(closed, "127.0.0.1").createSocket())
        .isInstanceOf(DeniedBrokerException.class);
    assertThat(lookedUp).isEmpty();
  }

  @Test
  void anAllowedAddressThatDoesNotAnswerIsNoDenial() throws IOException {
    var broker = broker(policy(List.of(AllowedCidr.parse("127.0.0.1/32"))), "127.0.0.1");
    listener.close();
    assertThatThrownBy(broker::createSocket)
        .isInstanceOf(JedisConnectionException.class)
        .isNotInstanceOf(DeniedBrokerException.class)
        .hasMessageContaining(NAME);
  }

  private EgressPolicy policy(List<AllowedCidr> allowed) {
    return new EgressPolicy(
        Set.of(listener.getLocalPort()),
        false,
        allowed,
        List.of(),
        List.of(),
        List.of(),
        "cluster.local");
  }

  private GuardedBroker broker(EgressPolicy policy, String... addresses) {
    return new GuardedBroker(
        new HostAndPort(NAME, listener.getLocalPort()),
        false,
        "acme",
        new EgressGuard(policy),
        name -> {
          lookedUp.add(name);
          var found = new InetAddress[addresses.length];
          for (int i = 0; i < addresses.length; i++) {
            found[i] = InetAddress.getByName(addresses[i]);
          }
          return found;
        });
  }
}
