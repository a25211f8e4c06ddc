package dev.posthorn.dispatcher.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * The tokens that a server knows, by their hashes: {@code tokens: [{name, sha256, tenants,
 * verbs}]}.
 *
 * @param tokens at least one
 */
public record TokenFile(List<Token> tokens) {
  /**
   * One token. The token itself is nowhere in it.
   *
   * @param name unique, for logs and messages
   * @param sha256 the SHA-256 of the token's UTF-8 bytes, 64 lower-case hex digits
   * @param tenants those it is for; {@link Caller#ALL_TENANTS} alone for all of them
   * @param verbs what it may do for each of them
   */
  public record Token(String name, String sha256, Set<String> tenants, Set<Verb> verbs) {
    /** Copies the sets. */
    public Token {
      tenants = Set.copyOf(tenants);
      verbs = Set.copyOf(verbs);
    }

    /** What is shown of it: its name. */
    @Override
    public String toString() {
      return "Token[" + name + "]";
    }
  }

  /** What reading a file led to. */
  public sealed interface Reading {
    /** All of it is good. */
    record Read(TokenFile file) implements Reading {}

    /**
     * Something is wrong, and so nothing of it is used.
     *
     * @param problems a line each: where, what, and the cure; never a token or a hash
     */
    record Refused(List<String> problems) implements Reading {}
  }

  /** Copies the list. */
  public TokenFile {
    tokens = List.copyOf(tokens);
  }

  /** Reads the text of a token file. */
  public static Reading read(String yaml) {
    return new TokenFileReader().read(yaml);
  }

  /** One token that may do everything for all tenants. */
  public static TokenFile admin(String token) {
    String hash = HexFormat.of().formatHex(hash(token));
    return new TokenFile(
        List.of(new Token("admin", hash, Set.of(Caller.ALL_TENANTS), EnumSet.allOf(Verb.class))));
  }

  /** Knows the callers of these tokens. */
  public Callers callers() {
    return new TokenCallers(tokens);
  }

  static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
