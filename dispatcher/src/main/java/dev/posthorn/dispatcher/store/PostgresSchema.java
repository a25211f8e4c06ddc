package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.PostgresConnector.Use;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;

/** Whether a PostgreSQL database may be used as it is, and its tables. */
final class PostgresSchema {
  /** Where Flyway keeps what it did. */
  static final String HISTORY = "posthorn_schema";

  private static final int OLDEST_SERVER = 15;

  private final PostgresConnector connector;

  private PostgresSchema(PostgresConnector connector) {
    this.connector = connector;
  }

  /**
   * Looks at the server and brings the tables up to date.
   *
   * @throws IllegalArgumentException where it cannot be used as it is; the message says the cure
   * @throws StoreUnavailableException where it cannot be reached
   */
  static void prepare(PostgresConnector connector) {
    var schema = new PostgresSchema(connector);
    schema.checkServer();
    schema.migrate();
  }

  private void checkServer() {
    try (Connection connection = connector.connect(Use.SETUP)) {
      checkVersion(
          connector.address(),
          new SqlStatement(connection, "SELECT current_setting('server_version_num')::int / 10000")
              .number(0));
    } catch (SQLException e) {
      throw standby() ? refused("is a standby: give the address of the primary") : failure(e);
    }
  }

  static void checkVersion(PostgresAddress address, long version) {
    if (version < OLDEST_SERVER) {
      throw refused(
          address,
          "is PostgreSQL " + version + ": upgrade the server to " + OLDEST_SERVER + " or later");
    }
  }

  private boolean standby() {
    try (Connection connection = connector.connectAnywhere()) {
      return new SqlStatement(connection, "SELECT pg_is_in_recovery()::int").number(0) == 1;
    } catch (SQLException e) {
      return false;
    }
  }

  private void migrate() {
    try {
      Flyway flyway =
          Flyway.configure(PostgresSchema.class.getClassLoader())
              .dataSource(new Connections(connector))
              .locations("classpath:dev/posthorn/dispatcher/store/postgres")
              .table(HISTORY)
              .loggers("slf4j")
              .load();
      MigrationInfoService info = flyway.info();
      refuseNewer(info.applied());
      if (info.applied().length > 0 && info.pending().length > 0) {
        refuseWhileInUse();
      }
      flyway.migrate();
    } catch (FlywayException e) {
      throw refusal(e);
    }
  }

  private void refuseNewer(MigrationInfo[] applied) {
    Arrays.stream(applied)
        .filter(each -> each.getState() == MigrationState.FUTURE_SUCCESS)
        .map(each -> String.valueOf(each.getVersion()))
        .reduce((older, newer) -> newer)
        .ifPresent(version -> {
          throw refused(
              "has schema "
                  + version
                  + ", which is newer than this version of Posthorn: start the newer version"
                  + " that wrote it, or restore a backup from before the upgrade");
        });
  }

  /** A process of the former version must not find its tables changed under it. */
  private void refuseWhileInUse() {
    try (Connection connection = connector.connect(Use.SETUP)) {
      String name =
          new SqlStatement(
                  connection, "SELECT name FROM node WHERE until >= clock_timestamp() LIMIT 1")
              .first(row -> row.getString(1));
      if (name != null) {
        throw refused(
            "is in use by another Posthorn ("
                + name
                + "), and this version changes its tables: stop that one first; one that was killed"
                + " is gone after its lease of 15 s");
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private RuntimeException refusal(FlywayException error) {
    SQLException cause = sqlCause(error);
    if (cause != null) {
      return failure(cause);
    }
    String message = String.valueOf(error.getMessage());
    if (message.contains("non-empty schema")) {
      return refused("holds tables of another program: give Posthorn a database of its own");
    }
    return refused("cannot be brought up to date (" + message + "): restore a backup");
  }

  private static @Nullable SQLException sqlCause(Throwable error) {
    for (Throwable each = error; each != null; each = each.getCause()) {
      if (each instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private RuntimeException failure(SQLException error) {
    return switch (PostgresErrors.state(error)) {
      case "28000", "28P01" ->
          refused("does not let this user in: check user, password and pg_hba.conf");
      case "3D000" -> refused("does not exist: create it, or correct its name");
      case "42501" ->
          refused("does not let this user create tables: GRANT CREATE ON SCHEMA public to it");
      default -> PostgresErrors.translate(connector.address().toString(), error, false);
    };
  }

  private IllegalArgumentException refused(String why) {
    return refused(connector.address(), why);
  }

  private static IllegalArgumentException refused(PostgresAddress address, String why) {
    return new IllegalArgumentException("the database " + address + " " + why);
  }

  /** Connections for Flyway, which so never sees user or password. */
  private record Connections(PostgresConnector connector) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      return connector.connect(Use.SETUP);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      throw new SQLFeatureNotSupportedException("the user is given");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
      // The driver logs by itself.
    }

    @Override
    public void setLoginTimeout(int seconds) {
      // Each connection has its own.
    }

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException("no logger of its own");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLFeatureNotSupportedException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
