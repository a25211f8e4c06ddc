package dev.posthorn.dispatcher.source;

import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAutoClaimParams;

/**
 * One connection to the Redis server of a stream, and the commands of a consumer. Payloads stay
 * bytes: a detour over text would change what is not UTF-8. One thread at a time, but {@link
 * #close} may come from any.
 */
final class RedisConnection implements AutoCloseable {
  static final int CONNECT_MILLIS = 5_000;
  static final int ANSWER_MILLIS = 10_000;
  private static final int ROWS = 100;

  /** Others' entries are taken over when they are idle for so long. */
  private static final long IDLE_MILLIS = 60_000;

  private final Jedis jedis;
  private final byte[] stream;
  private final byte[] group;
  private final byte[] consumer;

  private RedisConnection(Jedis jedis, StreamConfig.Redis redis, String consumer) {
    this.jedis = jedis;
    this.stream = bytes(redis.stream());
    this.group = bytes(redis.group());
    this.consumer = bytes(consumer);
  }

  /**
   * Connects.
   *
   * @param guard judges each address before it is dialled; null where none is judged
   * @throws redis.clients.jedis.exceptions.JedisException where that fails
   */
  static RedisConnection open(StreamConfig stream, @Nullable EgressGuard guard, String consumer) {
    StreamConfig.Redis redis = stream.redis();
    var client =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(CONNECT_MILLIS)
            .socketTimeoutMillis(ANSWER_MILLIS)
            .clientName("posthorn");
    if (redis.tls()) {
      client.sslOptions(SslOptions.defaults());
    }
    StreamConfig.Credentials login = redis.credentials();
    if (login != null) {
      client.user(login.user()).password(login.password());
    }
    var address = HostAndPort.from(redis.address());
    var settings = client.build();
    var jedis =
        guard == null
            ? new Jedis(address, settings)
            : new Jedis(
                new GuardedBroker(
                    address,
                    redis.tls(),
                    stream.name().namespace(),
                    guard,
                    InetAddress::getAllByName),
                settings);
    jedis.connect();
    return new RedisConnection(jedis, redis, consumer);
  }

  /**
   * Makes the consumer group unless it is there; the stream too.
   *
   * @param from {@code $} for the end, {@code 0} for the beginning
   */
  void createGroup(String from) {
    try {
      jedis.xgroupCreate(stream, group, bytes(from), true);
    } catch (JedisDataException answer) {
      if (!String.valueOf(answer.getMessage()).startsWith("BUSYGROUP")) {
        throw answer;
      }
    }
  }

  /** Entries that this consumer got in an earlier life and never acknowledged, after {@code id}. */
  List<StreamEntry> ownPending(String id) {
    return read(id, List.of());
  }

  /** New entries; waits up to {@code waitMillis} for the first. */
  List<StreamEntry> next(int waitMillis) {
    return read(">", List.of("BLOCK", Integer.toString(waitMillis)));
  }

  /** The client's own answer types lose entries that were trimmed, hence the bare command. */
  private List<StreamEntry> read(String id, List<String> options) {
    var arguments = new ArrayList<byte[]>();
    arguments.add(bytes("GROUP"));
    arguments.add(group);
    arguments.add(consumer);
    arguments.add(bytes("COUNT"));
    arguments.add(bytes(Integer.toString(ROWS)));
    options.forEach(option -> arguments.add(bytes(option)));
    arguments.add(bytes("STREAMS"));
    arguments.add(stream);
    arguments.add(bytes(id));
    return entries(
        jedis.sendCommand(Protocol.Command.XREADGROUP, arguments.toArray(byte[][]::new)));
  }

  /** Entries of consumers that seem to be gone; they are this consumer's now. */
  List<StreamEntry> takeOver() {
    List<Object> answer =
        jedis.xautoclaim(
            stream, group, consumer, IDLE_MILLIS, bytes("0-0"), new XAutoClaimParams().count(ROWS));
    return parse(asList(answer.get(1)));
  }

  /** Acknowledges entries. */
  void acknowledge(List<StreamEntry> entries) {
    byte[][] ids = entries.stream().map(entry -> bytes(entry.id())).toArray(byte[][]::new);
    jedis.xack(stream, group, ids);
  }

  /** Answer of XREADGROUP: a list of (stream, entries), or null when nothing came. */
  private static List<StreamEntry> entries(@Nullable Object answer) {
    return answer instanceof List<?> streams && !streams.isEmpty()
        ? parse(asList(asList(streams.getFirst()).get(1)))
        : List.of();
  }

  /** Each is (id, fields); without fields, or null, where it was trimmed. */
  private static List<StreamEntry> parse(List<?> raw) {
    var entries = new ArrayList<StreamEntry>(raw.size());
    for (Object each : raw) {
      if (each instanceof List<?> pair) {
        String id = text(pair.get(0));
        entries.add(
            new StreamEntry(id, pair.get(1) instanceof List<?> fields ? fields(fields) : null));
      }
    }
    return entries;
  }

  private static Map<String, byte[]> fields(List<?> raw) {
    var fields = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i + 1 < raw.size(); i += 2) {
      fields.put(text(raw.get(i)), (byte[]) raw.get(i + 1));
    }
    return fields;
  }

  private static List<?> asList(Object answer) {
    return (List<?>) answer;
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    jedis.disconnect();
  }
}
