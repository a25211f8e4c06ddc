package dev.posthorn.dispatcher.store;

/** Nothing is stored for a tenant while it is being erased; afterwards it may publish again. */
public final class TenantErasingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String tenant;

  TenantErasingException(String tenant) {
    super("tenant " + tenant + " is being erased: publish again when that is done");
    this.tenant = tenant;
  }

  /** Whose erasure runs. */
  public String tenant() {
    return tenant;
  }
}
