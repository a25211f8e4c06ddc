package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.Set;

/**
 * What an error of PostgreSQL means for the caller, by its SQLSTATE
 * (postgresql.org/docs/current/errcodes-appendix.html): wait and try again, or a defect.
 */
final class PostgresErrors {
  /**
   * Classes that come from network, machine or a server that stops, and may pass: connection,
   * transaction rolled back, resources, operator intervention, system error.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "57", "58");

  /**
   * More that may pass: read only (a standby now), idle too long in a transaction, a lock not had
   * in time, a password or database that is being changed.
   */
  private static final Set<String> ALSO_PASSING =
      Set.of("25006", "25P03", "55P03", "28000", "28P01", "3D000");

  private PostgresErrors() {}

  /**
   * Translates an error.
   *
   * @param database as messages call it, without the password
   * @param committing whether it came from {@code COMMIT}
   */
  static RuntimeException translate(String database, SQLException error, boolean committing) {
    String state = state(error);
    if (!PASSING.contains(state.substring(0, 2)) && !ALSO_PASSING.contains(state)) {
      return new IllegalStateException(
          "the database " + database + " failed: " + error.getMessage(), error);
    }
    return new StoreUnavailableException(
        message(database, state, error), committing && !rolledBack(state), error);
  }

  private static String message(String database, String state, SQLException error) {
    return switch (state) {
      case "53100" -> "no space left for the database " + database + ": free space on its disk";
      case "25006" -> "the database " + database + " is read only: see which server is the primary";
      default ->
          "cannot use the database "
              + database
              + " ("
              + error.getMessage()
              + "): check the server and the way to it";
    };
  }

  /** The server says so; a commit that got any other answer, or none, may have happened. */
  private static boolean rolledBack(String state) {
    return state.startsWith("40") && !state.equals("40003");
  }

  /** Whether the connection is of no use any more, though the server may be. */
  static boolean cut(SQLException error) {
    String state = state(error);
    return state.startsWith("08") || state.startsWith("57P") || state.equals("25P03");
  }

  /** Five characters, whatever the driver has. */
  static String state(SQLException error) {
    String state = error.getSQLState();
    return state == null || state.length() != 5 ? "XX000" : state;
  }
}
