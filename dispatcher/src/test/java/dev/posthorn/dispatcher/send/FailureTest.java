package dev.posthorn.dispatcher.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.send.Trace.Step;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table behind the classes that no loopback test can provoke. */
class FailureTest {
  private static final Call CALL =
      new OkHttpClient().newCall(new Request.Builder().url("http://a.com/").build());

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(Step.LOOKUP, new UnknownHostException(), "dns_not_found"),
        Arguments.of(Step.LOOKUP, new IOException(), "dns_temporary"),
        Arguments.of(Step.CONNECT, new ConnectException(), "connect_refused"),
        Arguments.of(Step.CONNECT, new SocketTimeoutException(), "connect_timeout"),
        Arguments.of(Step.CONNECT, new NoRouteToHostException(), "connect_unreachable"),
        Arguments.of(Step.CONNECT, new BindException(), "connect_unreachable"),
        Arguments.of(
            Step.CONNECT, new SocketException("Network is unreachable"), "connect_unreachable"),
        Arguments.of(Step.TLS, tls(BasicReason.EXPIRED), "tls_expired"),
        Arguments.of(Step.TLS, tls(BasicReason.NOT_YET_VALID), "tls_not_yet_valid"),
        Arguments.of(Step.TLS, tls(BasicReason.INVALID_SIGNATURE), "tls_untrusted"),
        Arguments.of(Step.TLS, new SSLHandshakeException("protocol_version"), "tls_protocol"),
        Arguments.of(Step.TLS, wrapped(new EOFException()), "reset"),
        Arguments.of(Step.TLS, new SocketException("Connection reset"), "reset"),
        Arguments.of(Step.REQUEST, new SSLException("bad record"), "reset"),
        Arguments.of(Step.REQUEST, new IOException("stream was reset: REFUSED_STREAM"), "reset"),
        Arguments.of(Step.ANSWER, new SocketException("Connection reset"), "reset"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void everyFailureHasItsClass(Step step, IOException failure, String outcome) {
    assertThat(Failure.classify(failure, trace(step), false).wire()).isEqualTo(outcome);
  }

  @Test
  void afterTheDeadlineTheStepDecidesWhetherTheReceiverCanHaveGotTheRequest() {
    assertThat(Stream.of(Step.values()).map(step -> late(step).wire()))
        .isEqualTo(
            List.of(
                "dns_temporary",
                "connect_timeout",
                "connect_timeout",
                "request_timeout",
                "request_timeout"));
  }

  @Test
  void aRefusedCertificateIsToldFromACutConnectionByWhatWasSent() {
    var without = trace(Step.REQUEST);
    without.clientCertificateWanted(false);
    var with = trace(Step.REQUEST);
    with.clientCertificateWanted(true);
    assertThat(List.of(without, with).stream().map(t -> cut(t).wire()))
        .containsExactly("tls_client_certificate", "reset");
    assertThat(Failure.classify(new SSLException("alert"), with, false))
        .isEqualTo(OutcomeClass.TLS_CLIENT_CERTIFICATE);
  }

  @Test
  void anAlertThatCameWhileTheRequestWasCutTellsWhy() {
    var trace = trace(Step.REQUEST);
    trace.clientCertificateWanted(true);
    var cut = new SocketException("Broken pipe");
    cut.addSuppressed(new SSLException("alert"));
    assertThat(Failure.classify(cut, trace, false)).isEqualTo(OutcomeClass.TLS_CLIENT_CERTIFICATE);
  }

  private static OutcomeClass cut(Trace trace) {
    return Failure.classify(new SocketException("Broken pipe"), trace, false);
  }

  private static OutcomeClass late(Step step) {
    return Failure.classify(new IOException("Canceled"), trace(step), true);
  }

  private static IOException tls(BasicReason reason) {
    return wrapped(new CertPathValidatorException("no", null, null, -1, reason));
  }

  private static IOException wrapped(Throwable cause) {
    return (IOException) new SSLHandshakeException("no").initCause(cause);
  }

  private static Trace trace(Step step) {
    var trace = new Trace(System.nanoTime(), 1_000_000_000);
    if (step.compareTo(Step.CONNECT) >= 0) {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
      trace.connectStart(CALL, address, Proxy.NO_PROXY);
    }
    if (step.compareTo(Step.TLS) >= 0) {
      trace.secureConnectStart(CALL);
    }
    if (step.compareTo(Step.REQUEST) >= 0) {
      trace.requestHeadersStart(CALL);
    }
    if (step == Step.ANSWER) {
      trace.responseHeadersEnd(CALL, Sending.response(200));
    }
    return trace;
  }
}
