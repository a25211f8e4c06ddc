package dev.posthorn.core.expression;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Writes a value of CEL as JSON: times as RFC 3339, durations as seconds with an {@code s}, bytes
 * as base64 (the JSON mapping of protocol buffers), and not one byte more than allowed.
 */
final class JsonOutput {
  private static final String CURE =
      "make it of maps with text keys, lists, texts, finite numbers, bools and null";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(400).build())
          .build();

  private JsonOutput() {}

  static TransformOutcome write(Object value) {
    var bytes = new CappedBytes();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      write(value, json);
    } catch (FullException full) {
      return new TransformOutcome.OverBudget(
          "makes more than " + Expressions.MAX_OUTPUT_BYTES + " bytes; select less");
    } catch (IOException unwritable) {
      return new TransformOutcome.Failed("the result cannot be written as JSON; " + CURE);
    }
    return new TransformOutcome.Transformed(bytes.toByteArray());
  }

  private static void write(Object value, JsonGenerator json) throws IOException {
    switch (value) {
      case NullValue ignored -> json.writeNull();
      case Boolean bool -> json.writeBoolean(bool);
      case String text -> json.writeString(text);
      case Long number -> json.writeNumber(number);
      case UnsignedLong number -> json.writeNumber(number.bigIntegerValue());
      case Double number -> writeDouble(number, json);
      case Instant time -> json.writeString(time.toString());
      case Duration duration -> json.writeString(seconds(duration));
      case CelByteString bytes -> json.writeBinary(bytes.toByteArray());
      case Map<?, ?> map -> writeMap(map, json);
      case Collection<?> list -> writeList(list, json);
      default -> throw new UnwritableException();
    }
  }

  private static void writeDouble(double number, JsonGenerator json) throws IOException {
    if (!Double.isFinite(number)) {
      throw new UnwritableException();
    }
    json.writeNumber(number);
  }

  private static void writeMap(Map<?, ?> map, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeFieldName(name(entry.getKey()));
      write(entry.getValue(), json);
    }
    json.writeEndObject();
  }

  private static String name(Object key) throws UnwritableException {
    return switch (key) {
      case String text -> text;
      case Long number -> number.toString();
      case UnsignedLong number -> number.toString();
      case Boolean bool -> bool.toString();
      default -> throw new UnwritableException();
    };
  }

  private static void writeList(Collection<?> list, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (Object element : list) {
      write(element, json);
    }
    json.writeEndArray();
  }

  private static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), 9))
            .stripTrailingZeros()
            .toPlainString()
        + "s";
  }

  /** A value that JSON does not know: a type, NaN, infinity. */
  private static final class UnwritableException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The cap was reached. */
  private static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Refuses the byte after the last allowed one. */
  private static final class CappedBytes extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] more, int from, int length) throws IOException {
      if (bytes.size() + length > Expressions.MAX_OUTPUT_BYTES) {
        throw new FullException();
      }
      bytes.write(more, from, length);
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
