package dev.posthorn.dispatcher.source;

import java.io.Serial;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** The guard denies every address of a broker; nothing was dialled. */
final class DeniedBrokerException extends JedisConnectionException {
  @Serial private static final long serialVersionUID = 1;

  /** {@code why} names the rules, for the platform only. */
  DeniedBrokerException(String why) {
    super(why);
  }
}
