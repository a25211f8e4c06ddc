package dev.posthorn.dispatcher.source;

/** Whether a stream is read; the reasons of the condition {@code Connected}. */
public enum StreamState {
  /** Not connected yet. */
  CONNECTING,
  /** Entries are read. */
  CONNECTED,
  /** The server refuses user or password: mend the Secret that credentialsRef names. */
  AUTHENTICATION_FAILED,
  /** The server does not answer: check address, network and server. */
  UNREACHABLE
}
