package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.util.Arrays;
import okhttp3.ResponseBody;

/**
 * The beginning of an answer's body.
 *
 * @param bytes at most {@value Exchange#EXCERPT_BYTES}
 * @param truncated whether the body went on; taken for granted where its length is not known
 * @param abandon whether the rest is so long that the connection is not worth reading it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Excerpt(byte[] bytes, boolean truncated, boolean abandon) {
  static final Excerpt EMPTY = new Excerpt(new byte[0], false, false);

  /** A rest up to this size is read by OkHttp when it closes the body, for 100 ms at most. */
  private static final long DRAIN_BYTES = 256 * 1024;

  private static final int FIRST_READ = 1024;

  /** Reads the excerpt and nothing after it. */
  static Excerpt read(ResponseBody body) throws IOException {
    long length = body.contentLength();
    if (length == 0) {
      return EMPTY;
    }
    int most =
        (int) (length < 0 ? Exchange.EXCERPT_BYTES : Math.min(length, Exchange.EXCERPT_BYTES));
    var in = body.byteStream();
    var bytes = new byte[length < 0 ? FIRST_READ : most];
    int size = 0;
    while (size < most) {
      if (size == bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.min(2 * size, most));
      }
      int read = in.read(bytes, size, bytes.length - size);
      if (read < 0) {
        return new Excerpt(Arrays.copyOf(bytes, size), false, false);
      }
      size += read;
    }
    long rest = length < 0 ? Long.MAX_VALUE : length - most;
    return new Excerpt(bytes, rest > 0, rest > DRAIN_BYTES);
  }
}
