package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many bytes the payloads of each tenant take, sealed as they are stored, as committed. The
 * store thread changes it, any thread reads. What other processes store is known with the next
 * {@link #load(Readers.Reader)}.
 */
final class StoredBytes {
  private static final String SUMS =
      "SELECT t.number, t.name, sum(s.bytes) FROM stored_bytes s"
          + " JOIN tenant t ON t.number = s.tenant GROUP BY t.number, t.name";

  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final Map<Integer, Long> byTenant = new ConcurrentHashMap<>();

  /** Reads the sums: a few rows a tenant, no payload. */
  void load(Connection connection) throws SQLException {
    replace(new SqlStatement(connection, SUMS));
  }

  /** The same beside the store thread. */
  void load(Readers.Reader reader) throws SQLException {
    replace(reader.sql(SUMS));
  }

  private void replace(SqlStatement sums) throws SQLException {
    var read = new HashMap<Integer, Long>();
    sums.list(row -> {
      numbers.put(row.getString(2), row.getInt(1));
      return read.put(row.getInt(1), row.getLong(3));
    });
    synchronized (this) {
      byTenant.keySet().retainAll(read.keySet());
      byTenant.putAll(read);
    }
  }

  /** Of the tenant of this name; 0 where nothing was ever stored. */
  long of(String tenant) {
    Integer number = numbers.get(tenant);
    return number == null ? 0 : byTenant.getOrDefault(number, 0L);
  }

  /** Adds what a transaction changed, after its commit. */
  synchronized void apply(Change change) {
    numbers.putAll(change.numbers);
    change.byTenant.forEach((tenant, more) -> byTenant.merge(tenant, more, Long::sum));
    change.numbers.clear();
    change.byTenant.clear();
  }

  /** What one transaction changes. */
  static final class Change {
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, Long> byTenant = new TreeMap<>();

    void stored(Tenant tenant, long bytes) {
      numbers.put(tenant.name(), tenant.number());
      byTenant.merge(tenant.number(), bytes, Long::sum);
    }

    void deleted(int tenant, long bytes) {
      byTenant.merge(tenant, -bytes, Long::sum);
    }
  }

  /** Keeps the sums. */
  static final class Rows {
    private final RowInsert add;

    Rows(Dialect dialect) throws SQLException {
      add = dialect.storedBytes();
    }

    /** Writes what a transaction changes, at its end. */
    void write(Change change) throws SQLException {
      for (Map.Entry<Integer, Long> each : change.byTenant.entrySet()) {
        add.add(each.getKey(), each.getValue());
      }
      add.flush();
    }
  }
}
