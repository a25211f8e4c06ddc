package dev.posthorn.crds;

/**
 * Bounds and patterns that several kinds share. Patterns are read alike by RE2 and {@code
 * java.util.regex}.
 */
final class Bounds {
  /** A DNS label, as RFC 1123 has it: the names of our kinds. */
  static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

  static final int LABEL_MAX = 63;

  /** A DNS subdomain: the names of core Secrets and ConfigMaps. */
  static final String SUBDOMAIN =
      "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

  static final int SUBDOMAIN_MAX = 253;

  /** A Dispatcher's name is shorter: the names of its Pods are made from it. */
  static final int DISPATCHER_MAX = 40;

  /** A key in a Secret's or ConfigMap's data. */
  static final String DATA_KEY = "^[-._a-zA-Z0-9]+$";

  static final String TENANT = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$";
  static final String CIDR = "^[0-9a-fA-F.:]+/[0-9]{1,3}$";
  static final int CIDR_MAX = 43;

  /** A header's name: a token of RFC 9110 section 5.6.2. */
  static final String TOKEN = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

  static final int TOKEN_MAX = 128;

  /** A header's value: no control characters but the tab, so neither CR nor LF. */
  static final String HEADER_VALUE = "^[^\\x00-\\x08\\x0a-\\x1f\\x7f]*$";

  static final int HEADER_VALUE_MAX = 4096;

  static final int TIME_MAX = 40;

  /** A key's public id: says nothing about the key. */
  static final String KEY_ID = "^k_[0-9a-f]{6}$";

  static final int KEY_ID_MAX = 8;

  /** A CEL expression, as {@code core.expression} bounds it, in code points. */
  static final int EXPRESSION_MAX = 4096;

  /**
   * An absolute http or https URL: no user, which would be a credential in plain sight, and no
   * fragment, which is never sent.
   */
  static final String URL = "^https?://[^\\s/?#@]+([/?][^\\s#]*)?$";

  static final int URL_MAX = 2048;
  static final int MESSAGE_MAX = 32768;

  /** A byte count or a CPU count as Kubernetes writes it. */
  static final String QUANTITY = "^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$";

  static final int QUANTITY_MAX = 24;
  static final int DAY_SECONDS = 86_400;
  static final int MONTH_SECONDS = 30 * DAY_SECONDS;

  private Bounds() {}
}
