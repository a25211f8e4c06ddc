package dev.posthorn.dispatcher.store;

class PostgresNoticeTest extends NoticeContract {
  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();

  @Override
  DeliveryStore open() {
    return server.open(database);
  }
}
