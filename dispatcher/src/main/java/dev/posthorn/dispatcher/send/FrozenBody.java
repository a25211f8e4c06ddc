package dev.posthorn.dispatcher.send;

import dev.posthorn.core.event.Header;
import dev.posthorn.core.event.RenderedBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A rendered body as it is kept with a failed delivery, so that every retry sends the same bytes
 * under the same content type although the endpoint's format or transform changed.
 *
 * @param body what is sent
 */
public record FrozenBody(RenderedBody body) {
  /** As stored: content type, headers, bytes. */
  public byte[] toBytes() {
    var buffer = new ByteArrayOutputStream(body.bytes().length + 64);
    try (var out = new DataOutputStream(buffer)) {
      out.writeUTF(body.contentType());
      out.writeShort(body.headers().size());
      for (Header header : body.headers()) {
        out.writeUTF(header.name());
        out.writeUTF(header.value());
      }
      out.write(body.bytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return buffer.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static FrozenBody parse(byte[] stored) {
    try (var in = new DataInputStream(new ByteArrayInputStream(stored))) {
      String contentType = in.readUTF();
      List<Header> headers = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        headers.add(new Header(in.readUTF(), in.readUTF()));
      }
      return new FrozenBody(new RenderedBody(contentType, in.readAllBytes(), headers));
    } catch (IOException e) {
      throw new IllegalArgumentException("the stored body is damaged", e);
    }
  }
}
