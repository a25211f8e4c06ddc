package dev.posthorn.e2e.delivery;

import java.util.Locale;

/** Entry {@code n} of the stream of the main job: tenant, type and amount follow from it. */
record Entry(int n) {
  private static final String[] TYPES = {"order.created", "order.paid", "invoice.paid", "debug"};

  static String tenant(int number) {
    return String.format(Locale.ROOT, "t%02d", number);
  }

  String tenant() {
    return tenant(n % 20);
  }

  String type() {
    return TYPES[n / 20 % TYPES.length];
  }

  int amount() {
    return n / 80 % 100;
  }

  /** The entry's field {@code event}; the odd spacing and the letters must arrive as they are. */
  String json() {
    return """
    {"tenant": "%s", "type": "%s", "id": "entry-%d", "source": "shop", "data": {"n": %d,  "amount": %d, "note": "\u00fcber \u2713"}}\
    """
        .formatted(tenant(), type(), n, n, amount());
  }
}
