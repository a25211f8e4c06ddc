package dev.posthorn.dispatcher.send;

import static dev.posthorn.core.config.OutcomeClass.CONNECT_REFUSED;
import static dev.posthorn.core.config.OutcomeClass.CONNECT_TIMEOUT;
import static dev.posthorn.core.config.OutcomeClass.CONNECT_UNREACHABLE;
import static dev.posthorn.core.config.OutcomeClass.DNS_NOT_FOUND;
import static dev.posthorn.core.config.OutcomeClass.DNS_TEMPORARY;
import static dev.posthorn.core.config.OutcomeClass.POLICY_DENIED;
import static dev.posthorn.core.config.OutcomeClass.REQUEST_TIMEOUT;
import static dev.posthorn.core.config.OutcomeClass.RESET;
import static dev.posthorn.core.config.OutcomeClass.RESPONSE_TOO_LARGE;
import static dev.posthorn.core.config.OutcomeClass.TLS_CLIENT_CERTIFICATE;
import static dev.posthorn.core.config.OutcomeClass.TLS_EXPIRED;
import static dev.posthorn.core.config.OutcomeClass.TLS_HOSTNAME;
import static dev.posthorn.core.config.OutcomeClass.TLS_NOT_YET_VALID;
import static dev.posthorn.core.config.OutcomeClass.TLS_PROTOCOL;
import static dev.posthorn.core.config.OutcomeClass.TLS_UNTRUSTED;

import dev.posthorn.core.config.OutcomeClass;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The class of an exception, from the types in its cause chain and the step that it came in; never
 * from a message, which no library promises to keep.
 */
final class Failure {
  /** The largest headers of an answer that are accepted. */
  static final int HEADER_BYTES = 64 * 1024;

  private Failure() {}

  /** {@code late} = the request's deadline was over when it failed. */
  static OutcomeClass classify(IOException failure, Trace trace, boolean late) {
    var chain = chain(failure);
    for (var cause : chain) {
      if (cause instanceof LookupFailure lookup) {
        return lookup.outcome();
      }
      if (cause instanceof DeniedAddress) {
        return POLICY_DENIED;
      }
    }
    return switch (trace.step()) {
      case LOOKUP ->
          late || !has(chain, UnknownHostException.class) ? DNS_TEMPORARY : DNS_NOT_FOUND;
      case CONNECT -> late ? CONNECT_TIMEOUT : connecting(chain);
      case TLS -> late ? CONNECT_TIMEOUT : handshaking(chain, trace);
      case REQUEST -> late ? REQUEST_TIMEOUT : exchanging(chain, trace);
      case ANSWER -> late ? REQUEST_TIMEOUT : RESET;
    };
  }

  private static OutcomeClass connecting(List<Throwable> chain) {
    if (has(chain, InterruptedIOException.class)) {
      return CONNECT_TIMEOUT;
    }
    return has(chain, ConnectException.class) ? CONNECT_REFUSED : CONNECT_UNREACHABLE;
  }

  private static OutcomeClass handshaking(List<Throwable> chain, Trace trace) {
    if (has(chain, SSLPeerUnverifiedException.class)) {
      return TLS_HOSTNAME;
    }
    if (has(chain, CertificateExpiredException.class) || failed(chain, BasicReason.EXPIRED)) {
      return TLS_EXPIRED;
    }
    if (has(chain, CertificateNotYetValidException.class)
        || failed(chain, BasicReason.NOT_YET_VALID)) {
      return TLS_NOT_YET_VALID;
    }
    if (has(chain, CertificateException.class)
        || has(chain, CertPathValidatorException.class)
        || has(chain, CertPathBuilderException.class)) {
      return TLS_UNTRUSTED;
    }
    if (trace.clientCertificateWanted()) {
      return TLS_CLIENT_CERTIFICATE;
    }
    return cut(chain) ? RESET : TLS_PROTOCOL;
  }

  /**
   * In TLS 1.3 the receiver judges the client certificate after the handshake, while the request is
   * already on its way: his alert may be overtaken by the reset that ends the connection.
   */
  private static OutcomeClass exchanging(List<Throwable> chain, Trace trace) {
    boolean refused =
        has(chain, SSLException.class)
            || alertSuppressed(chain)
            || (cut(chain) && !trace.clientCertificateFitted());
    if (trace.clientCertificateWanted() && refused) {
      return TLS_CLIENT_CERTIFICATE;
    }
    return trace.received() > HEADER_BYTES ? RESPONSE_TOO_LARGE : RESET;
  }

  /** Where writing failed, OkHttp still looks for an answer; what came instead is suppressed. */
  private static boolean alertSuppressed(List<Throwable> chain) {
    return chain.stream()
        .flatMap(e -> Arrays.stream(e.getSuppressed()))
        .anyMatch(SSLException.class::isInstance);
  }

  private static boolean cut(List<Throwable> chain) {
    return has(chain, SocketException.class) || has(chain, EOFException.class);
  }

  private static boolean failed(List<Throwable> chain, BasicReason reason) {
    return chain.stream()
        .anyMatch(e -> e instanceof CertPathValidatorException path && path.getReason() == reason);
  }

  private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
    return chain.stream().anyMatch(type::isInstance);
  }

  private static List<Throwable> chain(Throwable failure) {
    var chain = new ArrayList<Throwable>();
    for (Throwable next = failure; next != null && chain.size() < 16; next = next.getCause()) {
      chain.add(next);
    }
    return chain;
  }
}
