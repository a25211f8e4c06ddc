package dev.posthorn.dispatcher.store;

class PostgresReplayTest extends ReplayContract {
  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();

  @Override
  DeliveryStore open() {
    return server.open(database);
  }
}
