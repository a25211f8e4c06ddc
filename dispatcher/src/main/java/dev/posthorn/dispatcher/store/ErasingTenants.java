package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.PublishedEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tenants whose erasure runs: nothing is stored for them. Known to the writing connection, and
 * thrown away with it.
 */
final class ErasingTenants {
  private final DeliveryRows rows;
  private final SqlStatement running;
  private final Map<Integer, String> names = new HashMap<>();

  ErasingTenants(Connection connection, DeliveryRows rows) throws SQLException {
    this.rows = rows;
    running =
        new SqlStatement(
            connection,
            "SELECT t.number, t.name FROM erasure e JOIN tenant t ON t.number = e.tenant"
                + " WHERE e.completed IS NULL");
    load();
  }

  /** Reads them anew. */
  void load() throws SQLException {
    names.clear();
    running.list(row -> names.put(row.getInt(1), row.getString(2)));
  }

  List<String> names() {
    return List.copyOf(names.values());
  }

  boolean contains(String tenant) {
    return names.containsValue(tenant);
  }

  void add(int number, String tenant) {
    names.put(number, tenant);
  }

  void remove(int number) {
    names.remove(number);
  }

  /** Which events are theirs. */
  Set<Long> ofEvents(Collection<Long> seqs) throws SQLException {
    if (names.isEmpty() || seqs.isEmpty()) {
      return Set.of();
    }
    Map<Long, Integer> owners = rows.tenants(Set.copyOf(seqs));
    return owners.keySet().stream()
        .filter(seq -> names.containsKey(owners.get(seq)))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A tenant for which a publish cannot be stored; null where there is none. */
  @Nullable String among(List<NewEvent> events) {
    if (names.isEmpty()) {
      return null;
    }
    return events.stream()
        .map(event -> event.event().published())
        .map(PublishedEvent::tenant)
        .filter(this::contains)
        .findFirst()
        .orElse(null);
  }
}
