package dev.posthorn.dispatcher.http;

import java.time.Duration;

/**
 * What one client may take of a server. The size of a body is the route's to say.
 *
 * @param headerBytes request line and headers together; beyond it 431
 * @param connections open at once; further ones wait in the kernel's queue
 * @param idle how long a connection may be silent, between requests and inside one
 * @param body how long a whole body may take to arrive; beyond it 408
 * @param stop how long a stop waits for requests in flight
 */
public record ServerLimits(
    int headerBytes, int connections, Duration idle, Duration body, Duration stop) {
  /** 32 KiB of headers, 4,096 connections, 30 s of silence, 30 s for a body, 30 s to stop. */
  public static final ServerLimits DEFAULT =
      new ServerLimits(
          32 * 1024, 4096, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));
}
