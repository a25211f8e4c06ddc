package dev.posthorn.dispatcher.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds callers by the hash of their token. What a look-up takes says nothing of any token: the map
 * is entered with eight bytes of a hash, which nobody can steer without the token, and the whole
 * hash is compared in constant time.
 */
final class TokenCallers implements Callers {
  private final Map<Long, Known> byHash = new HashMap<>();

  TokenCallers(List<TokenFile.Token> tokens) {
    for (TokenFile.Token token : tokens) {
      byte[] hash = HexFormat.of().parseHex(token.sha256());
      byHash.put(index(hash), new Known(hash, new TokenCaller(token)));
    }
  }

  @Override
  public Optional<Caller> find(String token) {
    byte[] hash = TokenFile.hash(token);
    Known known = byHash.get(index(hash));
    return known != null && MessageDigest.isEqual(known.hash(), hash)
        ? Optional.of(known.caller())
        : Optional.empty();
  }

  private static long index(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by isEqual alone
  private record Known(byte[] hash, Caller caller) {}

  private record TokenCaller(TokenFile.Token token) implements Caller {
    @Override
    public String name() {
      return token.name();
    }

    @Override
    public boolean may(Verb verb, String tenant) {
      return token.verbs().contains(verb) && knows(tenant);
    }

    @Override
    public boolean maySomewhere(Verb verb) {
      return token.verbs().contains(verb);
    }

    @Override
    public boolean knows(String tenant) {
      return token.tenants().contains(tenant) || token.tenants().contains(ALL_TENANTS);
    }
  }
}
