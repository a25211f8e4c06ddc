package dev.posthorn.dispatcher.store;

/** An endpoint's health as it survives a restart. */
public enum EndpointState {
  /** Deliveries succeed, or none was tried yet. */
  HEALTHY,
  /** Ten failures in a row: one probe at a time, the rest waits. */
  FAILING,
  /** It answered 410, or nothing succeeded for too long: nothing is sent until it is re-enabled. */
  DISABLED
}
