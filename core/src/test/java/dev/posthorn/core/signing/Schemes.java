package dev.posthorn.core.signing;

import java.nio.charset.StandardCharsets;

/** The built-in schemes and their keys, where a test knows that they exist. */
final class Schemes {
  static final BuiltInSchemes BUILT_IN = BuiltInSchemes.load();

  private Schemes() {}

  static Scheme scheme(String name) {
    return switch (BUILT_IN.find(name)) {
      case SchemeReading.Compiled compiled -> compiled.scheme();
      case SchemeReading.Refused refused -> throw new AssertionError(refused.findings());
    };
  }

  static SigningKey key(String scheme, String secret) {
    return key(scheme(scheme), secret.getBytes(StandardCharsets.UTF_8));
  }

  static SigningKey key(Scheme scheme, byte[] secret) {
    return switch (scheme.key(secret)) {
      case KeyReading.Usable usable -> usable.key();
      case KeyReading.Unusable unusable -> throw new AssertionError(unusable.finding());
    };
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
