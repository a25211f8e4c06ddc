package dev.posthorn.core.resolve;

import dev.posthorn.core.resolve.YamlReader.YamlError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Makes trees of SnakeYAML's nodes: aliases and merge keys expanded, scalars as kubectl reads them.
 * For one file.
 */
final class TreeBuilder {
  /** Values of a file, aliases expanded. */
  private static final int MAX_VALUES = 500_000;

  private final List<YamlError> errors = new ArrayList<>();
  private int values;

  List<YamlError> errors() {
    return errors;
  }

  /** Null where the document cannot be used; the errors say why. */
  @Nullable Tree build(Node document) {
    int before = errors.size();
    Tree tree = tree(document, line(document), 0);
    return errors.size() == before ? tree : null;
  }

  private Tree tree(Node node, int line, int depth) {
    values++;
    if (depth > YamlReader.MAX_DEPTH || values > MAX_VALUES) {
      if (errors.isEmpty()) {
        error(line, "nested or aliased beyond what is read; simplify it");
      }
      return new Tree.Scalar(null, line);
    }
    return switch (node) {
      case ScalarNode scalar -> new Tree.Scalar(value(scalar), line);
      case SequenceNode sequence -> {
        var items = new ArrayList<Tree>(sequence.getValue().size());
        for (Node item : sequence.getValue()) {
          items.add(tree(item, line(item), depth + 1));
        }
        yield new Tree.Items(items, line);
      }
      case MappingNode mapping -> new Tree.Fields(fields(mapping, depth), line);
      default -> {
        error(line, "holds something that is neither a value, a list nor an object");
        yield new Tree.Scalar(null, line);
      }
    };
  }

  private Map<String, Tree> fields(MappingNode mapping, int depth) {
    var fields = new LinkedHashMap<String, Tree>();
    var merged = new LinkedHashMap<String, Tree>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      Node value = entry.getValueNode();
      if (!(key instanceof ScalarNode name)) {
        error(line(key), "a field's name must be a text");
      } else if (Tag.MERGE.equals(key.getTag())) {
        merge(value, line(key), depth, merged);
      } else if (fields.put(name.getValue(), tree(value, line(key), depth + 1)) != null) {
        error(line(key), "field \"" + name.getValue() + "\" is given twice; remove one");
      }
    }
    merged.forEach(fields::putIfAbsent);
    return fields;
  }

  private void merge(Node source, int line, int depth, Map<String, Tree> merged) {
    List<Node> sources = source instanceof SequenceNode list ? list.getValue() : List.of(source);
    for (Node one : sources) {
      if (tree(one, line, depth + 1) instanceof Tree.Fields(Map<String, Tree> fields, int at)) {
        fields.forEach(merged::putIfAbsent);
      } else {
        error(line, "<< must name an object or a list of objects");
      }
    }
  }

  private @Nullable Object value(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (Tag.NULL.equals(tag)) {
      return null;
    }
    if (Tag.BOOL.equals(tag)) {
      return YamlScalars.bool(text);
    }
    if (Tag.INT.equals(tag)) {
      return YamlScalars.integer(text);
    }
    if (Tag.FLOAT.equals(tag)) {
      return YamlScalars.number(text);
    }
    if (!tag.startsWith(Tag.PREFIX)) {
      error(line(node), "holds a tag (!name); remove it");
    }
    return text;
  }

  private void error(int line, String message) {
    errors.add(new YamlError(line, message));
  }

  private static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }
}
