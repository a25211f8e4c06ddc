package dev.posthorn.operator.workload;

/** What pods of a Dispatcher are there for. */
enum PodRole {
  /** Everything in one pod: always with SQLite. */
  DISPATCHER("dispatcher"),
  /** HTTP in. */
  GATEWAY("gateway"),
  /** Streams, lanes, HTTP out. */
  WORKER("worker");

  private final String word;

  PodRole(String word) {
    this.word = word;
  }

  /** As names and labels spell it. */
  String word() {
    return word;
  }

  /** Whether callers come to it, whose tokens it has to look at. */
  boolean takesCallers() {
    return this != WORKER;
  }
}
