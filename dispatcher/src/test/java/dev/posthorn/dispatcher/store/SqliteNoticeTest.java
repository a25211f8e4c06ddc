package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteNoticeTest extends NoticeContract {
  @TempDir Path directory;

  @Override
  DeliveryStore open() {
    return SqliteDeliveryStore.open(directory);
  }
}
