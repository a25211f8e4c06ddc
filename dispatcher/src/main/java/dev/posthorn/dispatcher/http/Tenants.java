package dev.posthorn.dispatcher.http;

import java.util.regex.Pattern;

/** The form of a tenant's name, wherever callers write one. */
final class Tenants {
  /** One text for a tenant that is unknown and for one that is another's. */
  static final String UNKNOWN =
      "there is no such tenant, or the token is for other tenants: check both";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private Tenants() {}

  static boolean valid(String tenant) {
    return FORM.matcher(tenant).matches();
  }
}
