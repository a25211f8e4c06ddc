package dev.posthorn.dispatcher.send;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The system's resolver, as the JDK calls it. The JDK reports every failure by one exception; only
 * its text, which comes from the C library in the locale of a process without one, tells a
 * temporary failure. Whatever is not recognised counts as not found; both are tried again.
 */
public final class SystemResolver implements NameResolver {
  private static final String TEMPORARY = "Temporary failure in name resolution";

  @Override
  public Answer resolve(String name) {
    try {
      return new Found(List.of(InetAddress.getAllByName(name)));
    } catch (UnknownHostException e) {
      var message = e.getMessage();
      return message != null && message.endsWith(TEMPORARY) ? new Unavailable() : new NotFound();
    }
  }
}
