package dev.posthorn.dispatcher.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Handle on a {@link LoadProcess}. */
final class Load implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final int receiverPort;
  private final int hangingPort;
  private final int tlsPort;
  private final String certificatePem;

  Load() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoadProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    String[] ports = answers.readLine().split(" ", -1);
    receiverPort = Integer.parseInt(ports[0]);
    hangingPort = Integer.parseInt(ports[1]);
    tlsPort = Integer.parseInt(ports[2]);
    certificatePem = new String(Base64.getDecoder().decode(ports[3]), StandardCharsets.US_ASCII);
  }

  int receiverPort() {
    return receiverPort;
  }

  int hangingPort() {
    return hangingPort;
  }

  int tlsPort() {
    return tlsPort;
  }

  /** What the receiver over TLS presents. */
  String certificatePem() {
    return certificatePem;
  }

  String ask(String command) throws IOException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    return answers.readLine();
  }

  long received() throws IOException {
    return Long.parseLong(ask("received"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
