package dev.posthorn.core.keyring;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The state machine of a key version, as one table: state x message -> action. States follow from
 * times, so an action only changes times or removes material.
 */
enum KeyTransition {
  /** Nothing changes; in particular a key keeps the end that it was given first. */
  Keep,
  /** Ends at the given time, unless it has an end already. */
  GiveEnd,
  /** Ends now. */
  EndNow,
  /** Begins to sign now, if it waited for that. */
  Begin,
  /** Signs from now on with an open end, as the newest. */
  Reopen,
  /** Signs never again; its material goes. */
  Revoke,
  /** Its material goes. */
  RemoveMaterial,
  /** The message is refused: nothing changes, and a finding says so. */
  Refuse;

  private static final List<KeyMessage> COLUMNS = List.of(KeyMessage.values());

  private static final Map<KeyState, List<KeyTransition>> TABLE =
      new EnumMap<>(
          Map.of(
              //  Superseded, SuccessorAcknowledged, Acknowledged, Revoked, Returned, Held,
              //  RetentionOver
              KeyState.Staged,
              List.of(GiveEnd, Keep, Begin, Revoke, Keep, EndNow, Keep),
              KeyState.Active,
              List.of(GiveEnd, Keep, Keep, Revoke, Reopen, EndNow, Keep),
              KeyState.Overlapping,
              List.of(GiveEnd, EndNow, Keep, Revoke, Reopen, EndNow, Keep),
              KeyState.Expired,
              List.of(Keep, Keep, Keep, Revoke, Reopen, Keep, RemoveMaterial),
              KeyState.Revoked,
              List.of(Keep, Keep, Keep, Keep, Refuse, Keep, Keep)));

  static KeyTransition of(KeyState state, KeyMessage message) {
    List<KeyTransition> row = TABLE.get(state);
    if (row == null) {
      throw new IllegalStateException("the table has no row for " + state);
    }
    return row.get(COLUMNS.indexOf(message));
  }

  /**
   * Carries this action out.
   *
   * @param end for {@link #GiveEnd}
   */
  KeyVersion apply(KeyVersion version, Instant now, Instant end) {
    KeyTimes times = version.times();
    return switch (this) {
      case Keep, Refuse -> version;
      case GiveEnd ->
          times.expiresTime() == null ? version.withTimes(times.notBefore(), end, null) : version;
      case EndNow -> version.withTimes(times.notBefore(), now, null);
      case Begin ->
          times.notBefore() == null ? version.withTimes(now, times.expiresTime(), null) : version;
      case Reopen -> version.withTimes(now, null, null);
      case Revoke ->
          version.withTimes(times.notBefore(), times.expiresTime(), now).withoutMaterial();
      case RemoveMaterial -> version.withoutMaterial();
    };
  }
}
