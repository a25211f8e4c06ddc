package dev.posthorn.operator.reconcile;

import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.reconcile.Stated.Truth;
import org.jspecify.annotations.Nullable;

/** The condition {@code Connected} of a stream. Pure. */
final class Connection {
  private Connection() {}

  /**
   * What to say.
   *
   * @param state as the dispatcher reports it, a {@link Reason}; null while it has not
   */
  static Stated of(boolean suspended, @Nullable String state) {
    if (suspended) {
      return of(Truth.True, Reason.Suspended, "nothing is read while spec.suspend is true");
    }
    return switch (state == null ? "" : state) {
      case "Connected" -> of(Truth.True, Reason.Connected, "the stream is read");
      case "AuthenticationFailed" ->
          of(
              Truth.False,
              Reason.AuthenticationFailed,
              "the server refuses user or password; mend the Secret that credentialsRef names");
      case "Unreachable" ->
          of(
              Truth.False,
              Reason.Unreachable,
              "the server does not answer; check address, TLS, NetworkPolicy and the server");
      case "StreamNotFound" ->
          of(
              Truth.False,
              Reason.StreamNotFound,
              "the server has no such stream; create it, or correct the name");
      default -> of(Truth.Unknown, Reason.Connecting, "a connection is being made");
    };
  }

  private static Stated of(Truth status, Reason reason, String message) {
    return Stated.of(ConditionType.Connected, status, reason, message);
  }
}
