package dev.posthorn.dispatcher.api;

/** What an erasure cannot reach, as every receipt says; with what to do about it. */
enum Unreached {
  /** Copies of the data directory hold the tenant's key beside its data. */
  BACKUPS(
      "backups",
      "Backups and snapshots of the data directory from before: delete them, or let them expire."),
  /** Freed blocks of a file system, and the spare cells of a disk, are not the program's. */
  DISK(
      "disk",
      "Blocks that the file system or the disk has freed: encrypt the disk that holds the data."),
  /** SQLite leaves copies of rows that it moves between pages. */
  FRAGMENTS(
      "fragments",
      "Event types, Posthorn's own ids and addresses of receivers, in unused space of database pages"
          + " until those are written again; nothing that a producer said can be read there. Where"
          + " they matter, stop the process and run VACUUM on the database."),
  /** What was delivered is the receiver's. */
  RECEIVERS("receivers", "What receivers were sent: ask their owners to delete it."),
  /** Streams keep their records after they were read. */
  SOURCES(
      "sources",
      "Records that streams still hold: trim them, or they are read again by a new group."),
  /** A record that could not be mapped has no tenant. */
  REJECTED(
      "rejected",
      "Records of shared streams that could not become events: GET /v1/rejected lists them until"
          + " retention.logDays are over."),
  /** Who touched what is kept, without payload. */
  AUDIT(
      "audit",
      "The audit log of the tenant, with the reasons that callers gave: kept for"
          + " retention.auditDays."),
  /** Resources are their owner's, as are the keys that they declare. */
  RESOURCES(
      "resources",
      "Endpoints, SigningSecrets and streams that are declared, with their keys and health: delete"
          + " the resources.");

  private final String wire;
  private final String nextStep;

  Unreached(String wire, String nextStep) {
    this.wire = wire;
    this.nextStep = nextStep;
  }

  String wire() {
    return wire;
  }

  /** One sentence for people: what it is, and what to do. */
  String nextStep() {
    return nextStep;
  }
}
