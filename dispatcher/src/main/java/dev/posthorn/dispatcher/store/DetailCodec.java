package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.AttemptDetail.Header;
import dev.posthorn.dispatcher.store.AttemptDetail.Message;
import dev.posthorn.dispatcher.store.AttemptDetail.Timings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attempt's detail as two blobs: the trace, which lists show too and which is stored in the
 * clear, and the exchange, which is sealed.
 */
final class DetailCodec {
  private DetailCodec() {}

  static byte[] trace(AttemptDetail detail) {
    Timings timings = detail.timings();
    var blob =
        new BlobWriter(64)
            .number(timings.dns())
            .number(timings.connect())
            .number(timings.tls())
            .number(timings.firstByte())
            .number(timings.total())
            .text(detail.address())
            .instant(detail.certificateNotAfter())
            .number(detail.clockSkewSeconds() == null ? 0 : 1)
            .number(detail.clockSkewSeconds() == null ? 0 : detail.clockSkewSeconds())
            .number(detail.keyIds().size());
    detail.keyIds().forEach(blob::text);
    return blob.toBytes();
  }

  /** Null where there is neither request nor response. */
  static byte @Nullable [] exchange(AttemptDetail detail) {
    if (detail.request() == null && detail.response() == null) {
      return null;
    }
    var blob = new BlobWriter(1024);
    write(blob, detail.request());
    write(blob, detail.response());
    return blob.toBytes();
  }

  private static void write(BlobWriter blob, @Nullable Message message) {
    if (message == null) {
      blob.number(-1);
      return;
    }
    blob.number(message.headers().size());
    message.headers().forEach(header -> blob.text(header.name()).text(header.value()));
    blob.data(message.body()).number(message.truncated() ? 1 : 0);
  }

  /**
   * A detail from its blobs.
   *
   * @param exchange null where it is not asked for, gone, or never was
   */
  static AttemptDetail detail(byte[] trace, byte @Nullable [] exchange) {
    var blob = new BlobReader(trace);
    var timings =
        new Timings(blob.number(), blob.number(), blob.number(), blob.number(), blob.number());
    String address = blob.text();
    Instant notAfter = blob.instant();
    boolean skewKnown = blob.number() == 1;
    long skew = blob.number();
    var keyIds = new ArrayList<String>();
    for (int left = blob.integer(); left > 0; left--) {
      keyIds.add(blob.someText());
    }
    BlobReader messages = exchange == null ? null : new BlobReader(exchange);
    return new AttemptDetail(
        address,
        List.copyOf(keyIds),
        timings,
        messages == null ? null : message(messages),
        messages == null ? null : message(messages),
        notAfter,
        skewKnown ? skew : null);
  }

  private static @Nullable Message message(BlobReader blob) {
    int count = blob.integer();
    if (count < 0) {
      return null;
    }
    var headers = new ArrayList<Header>(count);
    for (int left = count; left > 0; left--) {
      headers.add(new Header(blob.someText(), blob.someText()));
    }
    return new Message(List.copyOf(headers), blob.data(), blob.number() == 1);
  }
}
