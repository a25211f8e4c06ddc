package dev.posthorn.dispatcher.http;

import java.security.MessageDigest;
import java.util.Arrays;

/** A token as it may be kept: its hash. Shows nothing of it. */
final class TokenHash {
  private final byte[] hash;

  private TokenHash(byte[] hash) {
    this.hash = hash;
  }

  static TokenHash of(String token) {
    return new TokenHash(TokenFile.hash(token));
  }

  /** In constant time. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TokenHash that && MessageDigest.isEqual(hash, that.hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  @Override
  public String toString() {
    return "TokenHash[]";
  }
}
