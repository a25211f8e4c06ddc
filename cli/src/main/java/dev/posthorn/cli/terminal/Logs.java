package dev.posthorn.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up logging in code: one appender on standard error, no configuration file to look for. */
public final class Logs {
  private static final String LINE =
      "%d{HH:mm:ss.SSS} %-5level %msg%replace( %kvp{NONE}){'^ $', ''}%n%rEx{6}";

  private Logs() {}

  /** Our own log from INFO up, libraries from WARN up, to standard error. */
  public static void toStandardError(LogFormat format) {
    start(format, Level.INFO);
  }

  /** Warnings only: for commands whose own lines are what the person should read. */
  public static void warningsOnly() {
    start(LogFormat.text, Level.WARN);
  }

  /** Errors only: for the demo, which tells the rest in lines of its own. */
  public static void errorsOnly() {
    start(LogFormat.text, Level.ERROR);
  }

  private static void start(LogFormat format, Level ours) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(format, context));
    appender.start();
    context
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    context.getLogger("dev.posthorn").setLevel(ours);
    // What it warns of with a trace at every try, the dispatcher says in one line.
    context.getLogger("io.fabric8.kubernetes.client").setLevel(Level.ERROR);
    // It warns at every connection of a protocol that nobody asked for.
    context.getLogger("redis.clients.jedis").setLevel(Level.ERROR);
  }

  private static Encoder<ILoggingEvent> encoder(LogFormat format, LoggerContext context) {
    EncoderBase<ILoggingEvent> encoder =
        switch (format) {
          case json -> new JsonEncoder();
          case text -> {
            var text = new PatternLayoutEncoder();
            text.setPattern(LINE);
            yield text;
          }
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
