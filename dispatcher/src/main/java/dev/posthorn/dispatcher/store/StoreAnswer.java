package dev.posthorn.dispatcher.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What the store thread answers. */
public final class StoreAnswer {
  private StoreAnswer() {}

  /**
   * Waits for an answer on the calling thread.
   *
   * @throws StoreUnavailableException where the store cannot write
   * @throws TenantErasingException where the tenant is being erased
   */
  public static <T extends @Nullable Object> T await(CompletableFuture<T> asked) {
    try {
      return asked.join();
    } catch (CompletionException failed) {
      throw switch (failed.getCause()) {
        case StoreUnavailableException unavailable -> unavailable;
        case TenantErasingException erasing -> erasing;
        case null, default -> failed;
      };
    }
  }
}
