package dev.posthorn.e2e.operator;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.operator.OperatorOptions;
import dev.posthorn.operator.PosthornOperator;
import dev.posthorn.operator.cluster.ServerClock;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * An operator that dies at one of its writes: from then on no request of it reaches the API server.
 * It runs in this JVM, under the ServiceAccount and rights of the real one.
 */
final class Faults implements AutoCloseable {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final AtomicInteger left;
  private final boolean after;
  private final CountDownLatch dead = new CountDownLatch(1);
  private final KubernetesClient client;
  private final PosthornOperator operator;

  /**
   * Starts one.
   *
   * @param deadly the write at which it dies, from 1
   * @param after whether the API server still carries that one out
   */
  Faults(Installed cluster, int deadly, boolean after) {
    this.left = new AtomicInteger(deadly);
    this.after = after;
    this.client = client(cluster);
    this.operator =
        PosthornOperator.start(
            new OperatorOptions(
                Installed.SYSTEM,
                "dies-" + deadly + (after ? "-after" : "-before"),
                "posthorn/posthorn:0.1.0",
                Bootstrap.GENERATE,
                OperatorOptions.THREADS),
            client,
            new ServerClock(Clock.systemUTC()),
            new SimpleMeterRegistry(),
            Clock.systemUTC());
  }

  private KubernetesClient client(Installed cluster) {
    String token =
        cluster
            .client()
            .serviceAccounts()
            .inNamespace(Installed.SYSTEM)
            .withName("posthorn-operator")
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    return new KubernetesClientBuilder()
        .withConfig(cluster.plane().config(token))
        .withHttpClientFactory(
            new OkHttpClientFactory() {
              @Override
              protected void additionalConfig(OkHttpClient.Builder builder) {
                builder.addInterceptor(Faults.this::intercept);
              }
            })
        .build();
  }

  private Response intercept(Interceptor.Chain chain) throws IOException {
    if (dead.getCount() == 0) {
      throw new IOException("dead");
    }
    boolean counts =
        !READS.contains(chain.request().method())
            && !chain.request().url().encodedPath().matches(".*/(leases|selfsubject).*");
    if (!counts || left.decrementAndGet() > 0) {
      return chain.proceed(chain.request());
    }
    if (after) {
      chain.proceed(chain.request()).close();
    }
    dead.countDown();
    throw new IOException("dies at " + chain.request().method() + " " + chain.request().url());
  }

  /** Whether it died; false if it never came to that write. */
  boolean awaitDeath(long seconds) throws InterruptedException {
    return dead.await(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    dead.countDown();
    operator.close();
    client.close();
  }
}
