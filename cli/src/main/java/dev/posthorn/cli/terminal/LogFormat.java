package dev.posthorn.cli.terminal;

/** How the log on standard error looks; lower case as the option spells it. */
public enum LogFormat {
  /** A line a person reads. */
  text,
  /** A JSON object a line, for collectors. */
  json
}
