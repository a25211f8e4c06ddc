package dev.posthorn.dispatcher.store;

import java.sql.SQLException;

/** Numbers rows of a table, ascending and never twice, although retention deletes old rows. */
interface Sequence {
  /** The next numbers, ascending. */
  long[] next(int count) throws SQLException;

  /** The newest number given out, as far as is known here; 0 for none. */
  long last();

  /** Rows up to {@code deleted} go in this transaction. */
  void deleting(long deleted) throws SQLException;
}
