package dev.posthorn.dispatcher.store;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

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

    /**
     * Every query goes by keys and stops after its rows: a plan that was made while a table was
     * small, or for an endpoint that has little, must not read all of it for another.
     */
    private static final String BY_KEY =
        "enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off;"
            + " SET enable_mergejoin = off";

    private final Duration answer;

    Use(Duration answer) {
      this.answer = answer;
    }

    /** A server that hears nothing of a client for 30 s gives up its transaction. */
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
                BY_KEY);
        case READ ->
            List.of(
                "default_transaction_read_only = on",
                "statement_timeout = '10s'",
                "jit = off",
                BY_KEY);
        case LEASE -> List.of("statement_timeout = '2s'");
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
    Connection connection = DriverManager.getConnection(url(), properties(use, server));
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
        + URLEncoder.encode(address.database(), StandardCharsets.UTF_8);
  }

  private Properties properties(Use use, String server) {
    var properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("ApplicationName", "posthorn");
    properties.setProperty("targetServerType", server);
    properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(2 * CONNECT_SECONDS));
    properties.setProperty("socketTimeout", Long.toString(use.answer.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    properties.setProperty("assumeMinServerVersion", "15");
    // Values of rows do not belong into messages.
    properties.setProperty("logServerErrorDetail", "false");
    address.parameters().forEach(properties::setProperty);
    return properties;
  }
}
