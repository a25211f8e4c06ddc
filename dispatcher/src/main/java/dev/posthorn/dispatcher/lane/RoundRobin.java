package dev.posthorn.dispatcher.lane;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Deficit round robin: members take turns, and a turn costs what it is expected to occupy, so that
 * who hangs for seconds gets as much time as who answers in milliseconds, not as many requests.
 *
 * <p>Source: M. Shreedhar, G. Varghese, Efficient Fair Queueing Using Deficit Round Robin, 1995.
 */
final class RoundRobin<T extends RoundRobin.Member> {
  /** Milliseconds of expected occupancy that a member of weight 1 may spend in a round. */
  private static final double QUANTUM = 100;

  private final ArrayDeque<T> ring = new ArrayDeque<>();
  private int ready;

  /** Who takes turns; what it owes or has left over stays while it is away. */
  abstract static class Member {
    private double deficit;
    private boolean ready;
    private boolean inRing;

    /** Turns relative to others, from 1. */
    abstract int weight();

    private double quantum() {
      return QUANTUM * weight();
    }
  }

  /**
   * Lets a member take part; nothing happens where it does already. Who left in the middle of its
   * turn, perhaps only to wait for its next page, goes on with it: else its weight would be worth
   * no more than a page. It was paid for that turn once, so coming and going gains nothing.
   */
  void join(T member) {
    Member joining = member;
    if (joining.ready) {
      return;
    }
    joining.ready = true;
    ready++;
    if (joining.inRing) {
      return;
    }
    joining.inRing = true;
    if (joining.deficit > 0) {
      ring.addFirst(member);
    } else {
      ring.addLast(member);
    }
  }

  /** Takes a member out. What it had left over, less than a turn, and what it owes stay. */
  void leave(T member) {
    Member leaving = member;
    if (leaving.ready) {
      leaving.ready = false;
      ready--;
    }
  }

  /** Whether nobody takes part. */
  boolean isEmpty() {
    return ready == 0;
  }

  /** Whose turn it is, or null; it stays until it leaves. */
  @Nullable T next() {
    int unpaid = 0;
    while (ready > 0) {
      T head = ring.getFirst();
      Member member = head;
      if (!member.ready) {
        ring.removeFirst();
        member.inRing = false;
      } else if (member.deficit > 0) {
        return head;
      } else if (unpaid++ >= ring.size()) {
        skipRounds();
        unpaid = 0;
      } else {
        pay(member);
      }
    }
    return null;
  }

  private void pay(Member head) {
    head.deficit += head.quantum();
    if (head.deficit <= 0) {
      ring.addLast(ring.removeFirst());
    }
  }

  /** Pays at once all the rounds in which nobody would have had a turn. */
  private void skipRounds() {
    double rounds = Double.MAX_VALUE;
    for (Member each : ring) {
      rounds = each.ready ? Math.min(rounds, -each.deficit / each.quantum()) : rounds;
    }
    for (Member each : ring) {
      each.deficit += each.ready ? Math.floor(rounds) * each.quantum() : 0;
    }
  }

  /** Charges the member whose turn it was. */
  void charge(T member, double cost) {
    Member charged = member;
    charged.deficit -= cost;
    if (charged.deficit <= 0 && member.equals(ring.peekFirst())) {
      ring.addLast(ring.removeFirst());
    }
  }
}
