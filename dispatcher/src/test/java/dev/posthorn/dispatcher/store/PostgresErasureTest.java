package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.event;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** An erasure as the server shows it. */
class PostgresErasureTest extends ErasureContract {
  private static final String KEY =
      "SELECT encode(data_key, 'hex') FROM tenant WHERE name = 'acme'";

  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();

  @Override
  DeliveryStore open() {
    return server.open(database);
  }

  /** The file of the table, as the server reads it from disk. */
  private String fileOfKeys() {
    server.execute(database, "CHECKPOINT");
    return server.query(
        database, "SELECT encode(pg_read_binary_file(pg_relation_filepath('tenant')), 'hex')");
  }

  @Test
  void itsKeyIsLeftInNoFileOfTheTable() {
    stored(event("acme", T0, a));
    String key = server.query(database, KEY);
    assertThat(fileOfKeys()).contains(key);
    begin("acme");
    assertThat(server.query(database, KEY)).matches("0+");
    finish(100);
    assertThat(fileOfKeys()).doesNotContain(key);
    stored(event("acme", T0, a));
    assertThat(server.query(database, KEY)).isNotEqualTo(key).doesNotMatch("0+");
  }
}
