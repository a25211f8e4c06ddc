package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.egress.Verdict.Denied;
import dev.posthorn.dispatcher.send.NameResolver.Found;
import dev.posthorn.dispatcher.send.NameResolver.NotFound;
import dev.posthorn.dispatcher.send.NameResolver.Unavailable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Dns;

/**
 * Gives OkHttp only addresses that the guard allows, so that exactly the vetted answer is dialled
 * and nothing is looked up again between. Address literals never come here; {@link GuardedSockets}
 * judges those. One instance per guard: OkHttp shares connections only under the same instance.
 * Called on the sending thread.
 */
final class VettedDns implements Dns {
  /** More addresses than this are not tried. */
  private static final int MAX_ADDRESSES = 8;

  private final EgressGuard guard;
  private final LookupCache cache;

  VettedDns(EgressGuard guard, LookupCache cache) {
    this.guard = guard;
    this.cache = cache;
  }

  @Override
  public List<InetAddress> lookup(String hostname) throws UnknownHostException {
    var trace = Trace.CURRENT.get();
    try {
      return switch (cache.resolve(guard.nameToLookUp(hostname), trace.remainingNanos())) {
        case Found found -> vet(hostname, found.addresses(), trace);
        case NotFound _ ->
            throw new LookupFailure(OutcomeClass.DNS_NOT_FOUND, hostname + " has no address");
        case Unavailable _ ->
            throw new LookupFailure(
                OutcomeClass.DNS_TEMPORARY, "no answer from the name servers for " + hostname);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LookupFailure(OutcomeClass.SHUTDOWN, "stopped while looking up " + hostname);
    }
  }

  /** With its name, so that the socket knows which name led to it and nothing looks it up. */
  private static InetAddress named(String hostname, InetAddress address) {
    try {
      return InetAddress.getByAddress(hostname, address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address is 4 or 16 bytes", e);
    }
  }

  private List<InetAddress> vet(String hostname, List<InetAddress> addresses, Trace trace)
      throws LookupFailure {
    var allowed = new ArrayList<InetAddress>();
    var denials = new ArrayList<String>();
    for (var address : addresses) {
      if (guard.judgeAddress(hostname, address, trace.port()) instanceof Denied denied) {
        denials.add(denied.rule().wire() + ": " + denied.sentence());
      } else if (allowed.size() < MAX_ADDRESSES) {
        allowed.add(named(hostname, address));
      }
    }
    if (allowed.isEmpty()) {
      throw new LookupFailure(OutcomeClass.POLICY_DENIED, String.join("; ", denials));
    }
    return allowed;
  }
}
