/**
 * Programs that measure; not tests, and never a time limit. {@code mvn -q -Pbench -Dquick
 * -DskipTests -pl dispatcher -am integration-test} runs {@link
 * dev.posthorn.dispatcher.bench.DispatcherBenchmark}, with {@code -Dbench=SigningBenchmark} {@link
 * dev.posthorn.dispatcher.bench.SigningBenchmark}.
 */
package dev.posthorn.dispatcher.bench;
