package dev.posthorn.dispatcher.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Real connections to the database whose statements fail as a test says. */
final class FaultyConnector implements SqliteConnector, AutoCloseable {
  /** What happens around each statement that runs. */
  interface Fault {
    default void before(String sql) throws SQLException {}

    default void after(String sql) throws SQLException {}
  }

  private static final Fault NONE = new Fault() {};

  private final List<Connection> connections = new ArrayList<>();
  private volatile Fault fault = NONE;
  private volatile boolean crashed;
  private volatile long maxPages = 1L << 30;

  void arm(Fault next) {
    fault = next;
  }

  void disarm() {
    fault = NONE;
  }

  /** From now on nothing reaches the database, not even a rollback. */
  SQLException crash() {
    crashed = true;
    return new SQLException("the process died");
  }

  /** Makes the disk of connections opened from now on so large. */
  void maxPages(long pages) {
    maxPages = pages;
  }

  @Override
  public Connection connect(Path file, Use use) throws SQLException {
    Connection real = SqliteConnector.open(file, use);
    connections.add(real);
    try (Statement statement = real.createStatement()) {
      statement.execute("PRAGMA max_page_count = " + maxPages);
    }
    return proxy(Connection.class, real, "");
  }

  private <T> T proxy(Class<T> type, T real, String sql) {
    InvocationHandler handler = (proxy, method, arguments) -> call(real, method, arguments, sql);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Object call(Object real, Method method, Object[] arguments, String sql) throws Throwable {
    if (crashed) {
      throw new SQLException("the process is dead");
    }
    boolean runs = method.getName().startsWith("execute");
    String text = arguments != null && arguments[0] instanceof String given ? given : sql;
    if (runs) {
      fault.before(text);
    }
    Object result = invoke(real, method, arguments);
    if (runs) {
      fault.after(text);
    }
    return switch (result) {
      case PreparedStatement prepared -> proxy(PreparedStatement.class, prepared, text);
      case Statement statement -> proxy(Statement.class, statement, "");
      case null, default -> result;
    };
  }

  private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Closes what a crash left open. */
  @Override
  public void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
