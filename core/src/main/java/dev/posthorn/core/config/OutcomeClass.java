package dev.posthorn.core.config;

import static dev.posthorn.core.config.OutcomeClass.Consequence.DISABLE;
import static dev.posthorn.core.config.OutcomeClass.Consequence.DONE;
import static dev.posthorn.core.config.OutcomeClass.Consequence.END;
import static dev.posthorn.core.config.OutcomeClass.Consequence.RETRY;
import static dev.posthorn.core.config.OutcomeClass.Consequence.SLOW_DOWN;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an attempt ended: every attempt carries exactly one of these classes, in the delivery log, in
 * metrics, in an endpoint's health. The set is closed and its order is the one of the
 * documentation; constants are never renamed, since their {@link #wire()} text is stored.
 */
public enum OutcomeClass {
  /** A status from 200 to 299. The delivery is done. */
  DELIVERED(DONE, "the receiver answered 2xx", "nothing to do"),

  /** The URL, its name or the address behind it may not be reached from here; nothing was sent. */
  POLICY_DENIED(
      RETRY,
      "the destination is not allowed",
      "use a public https address, or let the platform team allow this destination"),

  /** The name does not exist, or has no address. */
  DNS_NOT_FOUND(
      RETRY, "the host name does not exist", "check the spelling of the URL and its DNS record"),

  /** The name servers gave no answer, or said that they cannot answer now. */
  DNS_TEMPORARY(
      RETRY, "the host name could not be looked up", "check the name servers of the domain"),

  /** The address answered that nothing listens on the port. */
  CONNECT_REFUSED(
      RETRY,
      "nothing listens on the receiver's port",
      "start the receiver, or correct the port in the URL"),

  /** No TCP connection within the time allowed: often a firewall that drops packets. */
  CONNECT_TIMEOUT(
      RETRY,
      "the receiver's address does not answer",
      "check the firewall in front of the receiver and that it is running"),

  /** No route to the address. */
  CONNECT_UNREACHABLE(
      RETRY, "there is no route to the receiver", "check the address and the network between"),

  /** A certificate of the receiver's chain is past its end. */
  TLS_EXPIRED(RETRY, "the receiver's certificate has expired", "renew the certificate"),

  /** A certificate of the receiver's chain is not valid yet; a wrong clock looks the same. */
  TLS_NOT_YET_VALID(
      RETRY,
      "the receiver's certificate is not valid yet",
      "check the clocks on both sides, then the certificate's first day"),

  /**
   * No chain from the receiver's certificate to a trusted authority; a missing intermediate too.
   */
  TLS_UNTRUSTED(
      RETRY,
      "the receiver's certificate is not signed by a trusted authority",
      "serve the whole chain with its intermediates, or name a private authority in tls.caRef"),

  /** The certificate has no subject alternative name for the host; its common name never counts. */
  TLS_HOSTNAME(
      RETRY,
      "the receiver's certificate is for another host name",
      "issue a certificate with the host name of the URL as subject alternative name"),

  /** No common TLS version or cipher, or the port does not speak TLS. */
  TLS_PROTOCOL(
      RETRY,
      "no TLS connection could be agreed with the receiver",
      "enable TLS 1.2 or newer on the receiver, and check that the port speaks TLS"),

  /** The receiver wants a client certificate, or refuses the one it got. */
  TLS_CLIENT_CERTIFICATE(
      RETRY,
      "the receiver did not accept a client certificate",
      "set or renew tls.clientCertificateRef, and trust its issuer on the receiver"),

  /** The connection ended before a complete answer: whether the event was processed is unknown. */
  RESET(
      RETRY,
      "the receiver closed the connection without a complete answer",
      "check the receiver's log and the proxies in front of it"),

  /** No complete answer within the endpoint's time: whether the event was processed is unknown. */
  REQUEST_TIMEOUT(
      SLOW_DOWN,
      "the receiver did not answer in time",
      "answer first and work later, or raise delivery.timeoutSeconds"),

  /** The answer's headers are larger than 64 KiB. A long body is no error. */
  RESPONSE_TOO_LARGE(
      RETRY, "the answer's headers are larger than 64 KiB", "send fewer or shorter headers"),

  /** A redirect. It is never followed: its target was not declared. */
  HTTP_3XX(RETRY, "the receiver answered with a redirect", "put the final address into the URL"),

  /** 410 Gone: the receiver wants no more; the endpoint is disabled. */
  HTTP_410(
      DISABLE,
      "the receiver answered 410 Gone",
      "re-enable the endpoint when the receiver is back, or remove it"),

  /** 429 Too Many Requests. {@code Retry-After} is honoured. */
  HTTP_429(
      SLOW_DOWN,
      "the receiver answered 429 Too Many Requests",
      "raise the receiver's limit, or lower delivery.maxConcurrency"),

  /** Another status from 400 to 499. */
  HTTP_4XX(
      RETRY,
      "the receiver refused the request",
      "read the answer in the delivery log and correct the receiver or the endpoint"),

  /** A status from 500 to 599, or one outside all ranges. 502, 503 and 504 also slow down. */
  HTTP_5XX(RETRY, "the receiver failed", "check the receiver's log"),

  /** The platform's own outgoing proxy failed or refused. */
  PROXY_ERROR(
      RETRY, "the outgoing proxy failed", "the platform team: check egress.proxyRef and the proxy"),

  /** No key to sign with, or signing failed. Nothing is ever sent unsigned instead. */
  SIGNING_UNAVAILABLE(
      RETRY, "the request could not be signed", "check the endpoint's signing secret"),

  /** The transform failed or its result is not a body that can be sent. */
  PAYLOAD_ERROR(RETRY, "the body could not be made", "correct body.transform or events.filter"),

  /** The delivery's age limit or the retention of its event was reached. */
  EXPIRED(END, "the delivery became too old", "mend the receiver, or raise retry.maxAgeSeconds"),

  /** The endpoint was gone for longer than its deliveries wait. */
  ENDPOINT_REMOVED(END, "the endpoint was removed", "re-create the endpoint"),

  /** The process stopped before the answer; a try that does not count. */
  SHUTDOWN(RETRY, "Posthorn stopped before the answer", "nothing to do: it is tried again");

  /** What follows from a class for the delivery and its endpoint. */
  public enum Consequence {
    /** The delivery has ended with success. */
    DONE,
    /** Tried again on the schedule, then a dead letter. */
    RETRY,
    /** As {@link #RETRY}; the endpoint's concurrency is halved too. */
    SLOW_DOWN,
    /** The endpoint is disabled; the delivery waits with the others. */
    DISABLE,
    /** The delivery ends as a dead letter at once. */
    END
  }

  private static final Map<String, OutcomeClass> BY_WIRE =
      Stream.of(values())
          .collect(Collectors.toUnmodifiableMap(OutcomeClass::wire, Function.identity()));

  private final Consequence consequence;
  private final String meaning;
  private final String cure;
  private final String wire = name().toLowerCase(Locale.ROOT);

  OutcomeClass(Consequence consequence, String meaning, String cure) {
    this.consequence = consequence;
    this.meaning = meaning;
    this.cure = cure;
  }

  /** The class of a complete answer with this status; one below 200 or above 599 is a failure. */
  public static OutcomeClass ofStatus(int status) {
    return switch (status) {
      case 410 -> HTTP_410;
      case 429 -> HTTP_429;
      default ->
          switch (status / 100) {
            case 2 -> DELIVERED;
            case 3 -> HTTP_3XX;
            case 4 -> HTTP_4XX;
            default -> HTTP_5XX;
          };
    };
  }

  /** The constant of a {@link #wire()} text; empty for a text of a newer version. */
  public static Optional<OutcomeClass> ofWire(String wire) {
    return Optional.ofNullable(BY_WIRE.get(wire));
  }

  /** The text in store, metrics, API and status: {@code delivered}, {@code http_4xx}. */
  public String wire() {
    return wire;
  }

  /**
   * What follows for delivery and endpoint, from the class alone (502, 503 and 504 also slow down).
   */
  public Consequence consequence() {
    return consequence;
  }

  /** Whether the same delivery is tried again on its schedule. */
  public boolean retried() {
    return consequence == RETRY || consequence == SLOW_DOWN;
  }

  /** What happened, in words for people; lower case, without a full stop. */
  public String meaning() {
    return meaning;
  }

  /** What people can do about it; lower case, without a full stop. */
  public String cure() {
    return cure;
  }
}
