package dev.posthorn.core.resolve;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The entries of a core Secret or ConfigMap; {@code toString} shows their names only. */
public final class Data {
  private final TreeMap<String, byte[]> entries = new TreeMap<>();

  private Data(Map<String, byte[]> entries) {
    entries.forEach((key, value) -> this.entries.put(key, value.clone()));
  }

  /** Copies {@code entries}. */
  public static Data of(Map<String, byte[]> entries) {
    return new Data(entries);
  }

  /** A copy of one entry. */
  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(byte[]::clone);
  }

  /** The names of the entries, sorted. */
  public Set<String> keys() {
    return Set.copyOf(entries.keySet());
  }

  @Override
  public String toString() {
    return "Data" + entries.keySet();
  }
}
