package dev.posthorn.operator.pods;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks pods. Thread-safe; blocks for {@value #SECONDS} seconds at most. */
final class PodClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PodClient.class);
  private static final int SECONDS = 2;

  /** An answer beyond this is not from a pod of ours. */
  private static final int MAX_BYTES = 64 << 20;

  private static final JsonMapper JSON = new JsonMapper();

  private final OkHttpClient client =
      new OkHttpClient.Builder()
          .callTimeout(Duration.ofSeconds(SECONDS))
          .followRedirects(false)
          .build();

  /**
   * A pod to ask.
   *
   * @param host its address
   * @param port of its management server
   * @param token what it knows the operator by
   */
  record Address(String host, int port, String token) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** The answer to a call; empty where there is none that can be used. */
  <T> Optional<T> get(Address pod, String path, Class<T> type) {
    Request request =
        new Request.Builder()
            .url(url(pod, path))
            .header("Authorization", "Bearer " + pod.token())
            .build();
    try (Response response = client.newCall(request).execute()) {
      if (response.code() != 200) {
        LOG.atWarn()
            .addKeyValue("pod", pod)
            .addKeyValue("path", path)
            .addKeyValue("status", response.code())
            .log("A pod does not answer the operator; it may be of another version.");
        return Optional.empty();
      }
      byte[] body = response.body().byteStream().readNBytes(MAX_BYTES);
      return body.length == MAX_BYTES ? Optional.empty() : Optional.of(JSON.readValue(body, type));
    } catch (JacksonException e) {
      LOG.atWarn()
          .addKeyValue("pod", pod)
          .addKeyValue("path", path)
          .log("A pod's answer cannot be read; it may be of another version.");
      return Optional.empty();
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("pod", pod).addKeyValue("path", path).log("No answer.", e);
      return Optional.empty();
    }
  }

  private static HttpUrl url(Address pod, String path) {
    HttpUrl root = new HttpUrl.Builder().scheme("http").host(pod.host()).port(pod.port()).build();
    return Objects.requireNonNull(root.newBuilder(path)).build();
  }

  /**
   * Why a pod is not ready for one of its reasons.
   *
   * @param name of the reason
   * @return empty where the pod does not say so
   */
  Optional<String> missing(Address pod, String name) {
    Request request = new Request.Builder().url(url(pod, "/readyz")).build();
    try (Response response = client.newCall(request).execute()) {
      byte[] body = response.body().byteStream().readNBytes(MAX_BYTES);
      return JSON.readValue(body, Readiness.class).why(name);
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("pod", pod).log("Nothing is known of its readiness.", e);
      return Optional.empty();
    }
  }

  /** The answer of {@code /readyz}. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Readiness(@Nullable List<Missing> missing) {
    Optional<String> why(String name) {
      return Objects.requireNonNullElse(missing, List.<Missing>of()).stream()
          .filter(each -> name.equals(each.name()))
          .map(Missing::reason)
          .findFirst();
    }
  }

  /** Something that is not ready. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Missing(String name, String reason) {}

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
