package dev.posthorn.core.resolve;

import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the documents of one file as trees with lines: YAML 1.1 as kubectl reads it, so JSON too.
 * Bounded in size, depth and what aliases may expand to. Never throws for what the file holds.
 */
final class YamlReader {
  /** Characters of a file. */
  static final int MAX_CHARACTERS = 8 * 1024 * 1024;

  static final int MAX_DEPTH = 60;
  static final int MAX_ALIASES = 100;

  private final ManifestFile file;
  private final List<Tree> documents = new ArrayList<>();
  private final List<YamlError> errors = new ArrayList<>();

  private YamlReader(ManifestFile file) {
    this.file = file;
  }

  /** All documents that are not empty, and what is wrong: then the documents may be too few. */
  record Read(List<Tree> documents, List<YamlError> errors) {}

  /** A mistake of spelling, not of meaning. {@code message} quotes nothing of the file. */
  record YamlError(int line, String message) {}

  static Read read(ManifestFile file) {
    var reader = new YamlReader(file);
    reader.readAll();
    return new Read(List.copyOf(reader.documents), List.copyOf(reader.errors));
  }

  private void readAll() {
    if (file.text().length() > MAX_CHARACTERS) {
      error(1, "file is larger than " + MAX_CHARACTERS + " characters; split it");
      return;
    }
    try {
      var options = options();
      var parser = new ParserImpl(new StreamReader(withoutMark(file.text())), options);
      var composer = new Composer(parser, new Resolver(), options);
      var trees = new TreeBuilder();
      while (composer.checkNode()) {
        Node node = composer.getNode();
        Tree tree = trees.build(node);
        if (tree != null && !isEmpty(tree)) {
          documents.add(tree);
        }
      }
      errors.addAll(trees.errors());
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      error(line, "not readable as YAML: " + e.getProblem());
    } catch (ReaderException e) {
      error(lineOf(e.getPosition()), "holds a character that YAML does not allow; remove it");
    } catch (YAMLException e) {
      error(1, "not readable as YAML: nested or aliased beyond what is read; simplify it");
    }
  }

  private static LoaderOptions options() {
    var options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    options.setProcessComments(false);
    return options;
  }

  private void error(int line, String message) {
    errors.add(new YamlError(line, message));
  }

  private int lineOf(int position) {
    int end = file.text().offsetByCodePoints(0, Math.min(position, codePoints()));
    return 1 + (int) file.text().substring(0, end).chars().filter(c -> c == '\n').count();
  }

  private int codePoints() {
    return file.text().codePointCount(0, file.text().length());
  }

  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean isEmpty(Tree tree) {
    return tree instanceof Tree.Scalar(Object value, int line) && value == null;
  }
}
