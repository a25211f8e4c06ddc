package dev.posthorn.core.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.posthorn.core.egress.Cidr;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringJson;
import dev.posthorn.core.keyring.KeyringReading;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The stored form of config objects: what an operator writes into Secrets, and a directory's last
 * good state on disk. Holds credentials and keys in plain text: whoever stores it protects it.
 *
 * <p>A field that a newer version added is ignored. Stateless, safe for any thread.
 */
public final class ConfigJson {
  /** Most bytes of one config object. */
  public static final int MAX_BYTES = 65_536;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .addModule(module())
          .build();

  private ConfigJson() {}

  /** UTF-8 JSON of a config object or of a whole {@link Configuration}. */
  public static byte[] write(Record config) {
    try {
      return JSON.writeValueAsBytes(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("config objects always have a JSON form", e);
    }
  }

  /** Reads what {@link #write} wrote; empty where it is damaged or of another kind. */
  public static <T extends Record> Optional<T> read(byte[] json, Class<T> type) {
    try {
      return Optional.ofNullable(JSON.readValue(json, type));
    } catch (JacksonException e) {
      // The message may quote the source, which holds secrets.
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading an array is no I/O", e);
    }
  }

  private static SimpleModule module() {
    return new SimpleModule()
        .addSerializer(Instant.class, ToStringSerializer.instance)
        .addDeserializer(Instant.class, new Parsed<>(Instant.class, Instant::parse))
        .addSerializer(Cidr.class, ToStringSerializer.instance)
        .addDeserializer(Cidr.class, new Parsed<>(Cidr.class, Cidr::parse))
        .addKeySerializer(ResourceName.class, new NameAsKey())
        .addKeyDeserializer(ResourceName.class, new KeyAsName())
        .addSerializer(new SortedSets())
        .addSerializer(Keyring.class, new KeyringAsBytes())
        .addDeserializer(Keyring.class, new BytesAsKeyring());
  }

  private static final class Parsed<T> extends FromStringDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final transient Function<String, T> parse;

    Parsed(Class<T> type, Function<String, T> parse) {
      super(type);
      this.parse = parse;
    }

    @Override
    protected T _deserialize(String text, DeserializationContext context) throws IOException {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw context.weirdStringException("", handledType(), "unreadable");
      }
    }
  }

  /** The same config object gives the same bytes: whoever stores it sees that nothing changed. */
  private static final class SortedSets extends StdSerializer<Set<?>> {
    private static final long serialVersionUID = 1L;

    SortedSets() {
      super(Set.class, false);
    }

    @Override
    public void serialize(Set<?> set, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray();
      for (Object item : new TreeSet<Object>(set)) {
        provider.defaultSerializeValue(item, out);
      }
      out.writeEndArray();
    }
  }

  private static final class NameAsKey extends JsonSerializer<ResourceName> {
    @Override
    public void serialize(ResourceName name, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeFieldName(name.toString());
    }
  }

  private static final class KeyAsName extends KeyDeserializer {
    @Override
    public ResourceName deserializeKey(String key, DeserializationContext context)
        throws IOException {
      int slash = key.indexOf('/');
      if (slash < 0) {
        throw context.weirdKeyException(ResourceName.class, "", "no namespace/name");
      }
      return new ResourceName(key.substring(0, slash), key.substring(slash + 1));
    }
  }

  /** As the bytes of {@code keyring.json}, so that its checksum is carried along. */
  private static final class KeyringAsBytes extends JsonSerializer<Keyring> {
    @Override
    public void serialize(Keyring keyring, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      byte[] json = KeyringJson.write(keyring);
      out.writeBinary(json);
      Arrays.fill(json, (byte) 0);
    }
  }

  private static final class BytesAsKeyring extends JsonDeserializer<Keyring> {
    @Override
    public Keyring deserialize(JsonParser in, DeserializationContext context) throws IOException {
      byte[] json = in.getBinaryValue();
      try {
        return switch (KeyringJson.read(json)) {
          case KeyringReading.Intact(Keyring keyring) -> keyring;
          case KeyringReading.Damaged damaged ->
              throw context.weirdStringException("", Keyring.class, "damaged");
        };
      } finally {
        Arrays.fill(json, (byte) 0);
      }
    }
  }
}
