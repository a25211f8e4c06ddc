package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an error of SQLite means for the caller: wait and try again, or a defect. */
final class SqliteErrors {
  /** Result codes (sqlite.org/rescode.html) that come from the machine and may pass. */
  private static final Set<Integer> PASSING =
      Set.of(
          SQLiteErrorCode.SQLITE_FULL.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_BUSY.code,
          SQLiteErrorCode.SQLITE_LOCKED.code,
          SQLiteErrorCode.SQLITE_READONLY.code,
          SQLiteErrorCode.SQLITE_CANTOPEN.code,
          SQLiteErrorCode.SQLITE_PERM.code,
          SQLiteErrorCode.SQLITE_NOMEM.code);

  private SqliteErrors() {}

  /**
   * Translates an error.
   *
   * @param committing whether it came from {@code COMMIT}: then only a full disk says for sure that
   *     nothing was committed, since the commit record is written last
   */
  static RuntimeException translate(Path file, SQLException error, boolean committing) {
    int code = primary(error);
    if (!PASSING.contains(code)) {
      return new IllegalStateException(
          "the database " + file + " failed: " + error.getMessage(), error);
    }
    boolean full = code == SQLiteErrorCode.SQLITE_FULL.code;
    return new StoreUnavailableException(
        full
            ? "no space left for " + file + ": free space on its disk, or make the volume larger"
            : "cannot write " + file + " (" + error.getMessage() + "): check its disk",
        committing && !full,
        error);
  }

  /** The low byte says what; the rest says where in more detail. */
  static int primary(SQLException error) {
    return error instanceof SQLiteException sqlite
        ? sqlite.getResultCode().code & 0xff
        : error.getErrorCode() & 0xff;
  }
}
