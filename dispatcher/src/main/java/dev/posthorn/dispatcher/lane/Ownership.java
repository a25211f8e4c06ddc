package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.Shared;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants this process sends for, and until when. All of them, for ever, where nobody ever
 * said otherwise.
 */
final class Ownership {
  private final Map<Integer, EndpointRow> rows = new HashMap<>();
  private @Nullable Set<Integer> lanes;
  private @Nullable Integer releasing;

  /** Of its lanes, those that it has asked the store to give up, whatever rounds say meanwhile. */
  private final Set<Integer> givenUp = new HashSet<>();

  private long sendUntil = Long.MAX_VALUE;

  /**
   * Takes news in.
   *
   * @return numbers of endpoints that are this process's from now on and were not before
   */
  Set<Integer> take(Shared shared) {
    sendUntil = shared.sendUntil();
    shared.givenUp().forEach(this::gone);
    Shared.Ownership news = shared.ownership();
    if (news == null) {
      return Set.of();
    }
    var gained = new HashSet<Integer>();
    for (EndpointRow row : news.gained()) {
      if (lanes == null || !has(row.tenant())) {
        rows.put(row.number(), row);
        gained.add(row.number());
      }
    }
    lanes = news.lanes();
    if (news.release() != null) {
      releasing = news.release();
    }
    if (releasing != null && !lanes.contains(releasing)) {
      releasing = null;
    }
    rows.values().removeIf(row -> !has(row.tenant()));
    gained.retainAll(rows.keySet());
    return gained;
  }

  /** Also where the round after it told nothing. */
  private void gone(int lane) {
    givenUp.remove(lane);
    if (lanes != null) {
      var left = new HashSet<>(lanes);
      left.remove(lane);
      lanes = Set.copyOf(left);
    }
  }

  /** Whether all that is known of rows must be read again. */
  boolean anew(Shared shared) {
    return shared.ownership() != null && shared.ownership().anew();
  }

  /** An endpoint as it was when its lane was gained. */
  EndpointRow row(int number) {
    EndpointRow row = rows.get(number);
    if (row == null) {
      throw new IllegalArgumentException("endpoint " + number + " was not gained");
    }
    return row;
  }

  /** Whether it sends for a tenant; not for one of a lane that it is about to give up. */
  boolean has(String tenant) {
    if (lanes == null) {
      return true;
    }
    int lane = Lane.of(tenant);
    return lanes.contains(lane)
        && (releasing == null || releasing != lane)
        && !givenUp.contains(lane);
  }

  boolean maySend(long now) {
    return now < sendUntil;
  }

  /** Gives up the lane that must be given up, once nothing of it is under way. */
  void release(Collection<Endpoint> endpoints, Consumer<Command> out) {
    Integer lane = releasing;
    if (lane != null
        && endpoints.stream()
            .filter(each -> Lane.of(each.tenant().name()) == lane)
            .allMatch(Endpoint::idle)) {
      out.accept(new Command.ReleaseLane(lane));
      releasing = null;
      givenUp.add(lane);
    }
  }
}
