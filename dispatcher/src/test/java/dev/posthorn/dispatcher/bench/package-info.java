/**
 * Programs that measure; not tests, and never a time limit. {@code mvn -Pbench -pl dispatcher -am
 * verify} runs {@link dev.posthorn.dispatcher.bench.DispatcherBenchmark}.
 */
package dev.posthorn.dispatcher.bench;
