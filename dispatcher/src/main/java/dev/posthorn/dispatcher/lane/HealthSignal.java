package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.EndpointState;

/** What moves an endpoint's health; {@link #from} is its whole state machine. */
enum HealthSignal {
  /** A delivery succeeded. */
  SUCCESS,
  /** An attempt failed, and it was not the tenth in a row. */
  FAILURE,
  /** Ten attempts in a row failed. */
  FAILED_OFTEN,
  /** Nothing succeeded for as long as the endpoint allows. */
  FAILED_TOO_LONG,
  /** It answered 410 Gone. */
  GONE,
  /** Somebody re-enabled it. */
  ENABLED;

  /** The state that follows {@code state}. */
  EndpointState from(EndpointState state) {
    return switch (this) {
      case ENABLED -> EndpointState.HEALTHY;
      case GONE, FAILED_TOO_LONG -> EndpointState.DISABLED;
      case SUCCESS ->
          state == EndpointState.DISABLED ? EndpointState.DISABLED : EndpointState.HEALTHY;
      case FAILED_OFTEN ->
          state == EndpointState.DISABLED ? EndpointState.DISABLED : EndpointState.FAILING;
      case FAILURE -> state;
    };
  }
}
