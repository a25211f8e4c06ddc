package dev.posthorn.dispatcher.snapshot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Secret that may hold a config object, as the API server gave it. {@code toString} shows no
 * content.
 *
 * @param name its name; the namespace is the Dispatcher's
 * @param version its resourceVersion
 * @param type its type; null where it has none
 * @param word the value of the label that names the kind; null where it has none
 * @param data its entries, in base64
 */
record ConfigSecret(
    String name,
    String version,
    @Nullable String type,
    @Nullable String word,
    Map<String, String> data) {
  @Override
  public String toString() {
    return "ConfigSecret[" + name + ", " + version + "]";
  }
}
