package dev.posthorn.crds;

/**
 * Why a condition has its status. Each constant says what it means and what cures it; conditions,
 * lint and the documentation use these names and no others.
 */
public enum Reason {
  /** The object is valid and taken, or the wished rotation takes place. Nothing to do. */
  Accepted,
  /** {@code dispatcherRef} names no Dispatcher. Cure: create it, or correct namespace and name. */
  DispatcherNotFound,
  /** The Dispatcher does not admit this namespace. Cure: its {@code allowedNamespaces}. */
  NotAllowedByDispatcher,
  /**
   * {@code tenant} is given where the namespace is the tenant, or missing where it is not. Cure:
   * remove or set it.
   */
  TenantNotAllowed,
  /**
   * The URL, or a stream's broker, is not to be reached. Cure: another one, or the Dispatcher's
   * {@code egress}.
   */
  EgressDenied,
  /**
   * A CEL expression does not compile or has the wrong type. Cure: as the message says, by line and
   * column.
   */
  InvalidExpression,
  /** Another object already has what this one claims. Cure: change one of both. */
  Conflict,

  /** Everything referred to is there. Nothing to do. */
  ResolvedRefs,
  /** A Secret or ConfigMap is not there. Cure: create it, or correct the name. */
  SecretNotFound,
  /** The Secret or ConfigMap lacks the entry. Cure: add the entry, or correct {@code key}. */
  SecretKeyMissing,
  /**
   * The author of the Secret or ConfigMap has not consented. Cure: label it {@code
   * posthorn.dev/readable=true}.
   */
  SecretNotLabelled,
  /** A signature names no SigningSecret. Cure: create it, or correct the name. */
  SigningSecretNotFound,
  /**
   * No such scheme is built in and no SignatureScheme has the name. Cure: correct the name, or
   * create one.
   */
  SchemeNotFound,
  /** {@code alerts} names no WebhookEndpoint. Cure: create it, or correct the name. */
  EndpointNotFound,
  /**
   * What the object and its references hold together is more than 64 KiB. Cure: fewer or shorter
   * headers, certificates.
   */
  TooLarge,

  /** Every ready pod works with the present generation. Nothing to do. */
  Programmed,
  /** Not every pod has it yet, or the controller has not looked. Wait some seconds. */
  Pending,
  /** No pod of the Dispatcher is ready. Cure: look at its Available condition and its pods. */
  NoReadyDispatcher,
  /**
   * A pod cannot read the configuration. Cure: same version for operator and Dispatcher; the
   * message has the error.
   */
  RejectedByDispatcher,
  /** No endpoint uses the SigningSecret: in order. */
  NotReferenced,

  /** The receiver takes deliveries. Nothing to do. */
  Delivering,
  /**
   * Ten failures in a row: one delivery at a time is tried, the rest waits. Cure: see {@code
   * nextStep}; it heals itself.
   */
  Failing,
  /**
   * Too long without a success, or a 410: nothing is sent. Cure: mend the receiver, then {@code
   * autoDisable.ignoreFailuresBefore}.
   */
  Disabled,
  /** {@code suspend} is true. Cure: set it to false. */
  Suspended,
  /**
   * The key in force was revoked: deliveries wait. Cure: give the receiver the new key, then {@code
   * acknowledgedKeyId}.
   */
  Paused,
  /** No delivery yet. Nothing to do. */
  NoTraffic,

  /** The stream is read. Nothing to do. */
  Connected,
  /** A connection is being made. Wait some seconds. */
  Connecting,
  /** The broker refuses the credentials. Cure: the Secret in {@code credentialsRef}. */
  AuthenticationFailed,
  /** The broker does not answer. Cure: address, TLS, NetworkPolicy. */
  Unreachable,
  /** The broker has no such stream or topic. Cure: create it, or correct the name. */
  StreamNotFound,

  /** The installation serves. Nothing to do. */
  Available,
  /** Pods are starting. Wait. */
  Starting,
  /** No pod serves. Cure: the events of its pods. */
  Unavailable,
  /**
   * The store cannot be reached or is full: nothing is accepted. Cure: the database or the volume.
   */
  StoreUnavailable,

  /** The keys are there. Nothing to do. */
  KeyringReady,
  /**
   * There are no keys yet and none may be made (keyring-bootstrap Require). Cure: restore the
   * keyring Secret.
   */
  KeyringMissing,
  /**
   * Keys were there, and neither the Secret nor a Dispatcher has them. Cure: restore the Secret;
   * keys are never silently new.
   */
  KeyringLost,
  /**
   * The Secret that {@code secretRef} or {@code generate.firstFrom} names is not there. Cure:
   * create and label it.
   */
  SourceNotFound,

  /** The wish is older than the newest key, or cannot apply to a brought key: in order. */
  NothingToDo,
  /**
   * As many keys overlap as {@code maxOverlapping} allows. Cure: wait for the end in the message,
   * or acknowledge the newest.
   */
  MaxOverlapReached,
  /** No key has this id. Cure: an id from {@code status.versions}. */
  UnknownKeyId,
  /**
   * The clock is more than 60 s from the API server's: nothing is planned. Cure: the node's clock.
   */
  ClockSkew
}
