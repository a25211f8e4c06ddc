package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens connections to a PostgreSQL database. */
final class PostgresConnector {
  /** Who the connection is for. */
  enum Use {
    /** The store thread. */
    WRITE(Duration.ofSeconds(30)),
    /** A query; it may not write. */
    READ(Duration.ofSeconds(15)),
    /** The lease, which has no time to wait. */
    LEASE(Duration.ofSeconds(3)),
    /** The schema, which may take long to change; with any server, to see what it is. */
    SETUP(Duration.ZERO);

    private final Duration answer;

    Use(Duration answer) {
      this.answer = answer;
    }

    /**
     * A server that hears nothing of a client for 30 s gives up its transaction. Every query goes
     * by keys: a plan made while a table was small must not read all of it later.
     */
    private List<String> settings() {
      return switch (this) {
        case WRITE ->
            List.of(
                "idle_in_transaction_session_timeout = '5s'",
                "lock_timeout = '10s'",
                "tcp_keepalives_idle = 10",
                "tcp_keepalives_interval = 5",
                "tcp_keepalives_count = 4",
                "jit = off",
                "enable_seqscan = off",
                "enable_hashjoin = off",
                "enable_mergejoin = off");
        case READ ->
            List.of(
                "default_transaction_read_only = on",
                "statement_timeout = '10s'",
                "jit = off",
                "enable_seqscan = off",
                "enable_hashjoin = off",
                "enable_mergejoin = off");
        case LEASE -> List.of("statement_timeout = '3s'");
        case SETUP -> List.of("lock_timeout = '10s'");
      };
    }
  }

  private static final int CONNECT_SECONDS = 5;

  private final PostgresAddress address;

  PostgresConnector(PostgresAddress address) {
    this.address = address;
  }

  PostgresAddress address() {
    return address;
  }

  /** A connection for one thread at a time, to the primary. */
  Connection connect(Use use) throws SQLException {
    return connect(use, "primary");
  }

  /** The same to any server, to look at what it is. */
  Connection connectAnywhere() throws SQLException {
    return connect(Use.SETUP, "any");
  }

  private Connection connect(Use use, String server) throws SQLException {
    Connection connection = new Driver().connect(url(), properties(use, server));
    if (connection == null) {
      throw new IllegalStateException("the driver does not take " + url());
    }
    boolean done = false;
    try (var statement = connection.createStatement()) {
      statement.execute("SET " + String.join("; SET ", use.settings()));
      if (use == Use.WRITE) {
        // What is answered must be on disk, whatever the database is set to.
        statement.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
                + " WHERE current_setting('synchronous_commit') = 'off'");
      }
      done = true;
      return connection;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /** Without user and password: libraries show it. */
  String url() {
    return "jdbc:postgresql://"
        + address.hosts()
        + "/"
        + java.net.URLEncoder.encode(address.database(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private Properties properties(Use use, String server) {
    var properties = new Properties();
    PGProperty.USER.set(properties, address.user());
    PGProperty.PASSWORD.set(properties, address.password());
    PGProperty.APPLICATION_NAME.set(properties, "posthorn");
    PGProperty.TARGET_SERVER_TYPE.set(properties, server);
    PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
    PGProperty.LOGIN_TIMEOUT.set(properties, 2 * CONNECT_SECONDS);
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) use.answer.toSeconds());
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
    // Values of rows do not belong into messages.
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
    address.parameters().forEach(properties::setProperty);
    return properties;
  }
}
