package dev.posthorn.e2e.structure;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.posthorn.cli.Posthorn;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.crds.Api;
import dev.posthorn.dispatcher.Dispatcher;
import dev.posthorn.operator.PosthornOperator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The arrows of the overview: who may know whom, who may touch the world. */
class ArchitectureTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("dev/posthorn/e2e/"))
          .importPackages("dev.posthorn");

  /** Values and plumbing of the JDK that core may use: nothing here reaches outside. */
  private static final List<String> HARMLESS =
      List.of(
          // addresses as values: made from bytes, never looked up
          "java.net.InetAddress",
          "java.net.Inet4Address",
          "java.net.Inet6Address",
          "java.net.UnknownHostException",
          // a URL as a value
          "java.net.URI",
          "java.net.URISyntaxException",
          // the program's own resources, and what Jackson declares
          "java.net.URL",
          "java.io.InputStream",
          "java.io.IOException",
          "java.io.UncheckedIOException",
          // bytes in memory
          "java.io.ByteArrayInputStream",
          "java.io.ByteArrayOutputStream",
          "java.io.OutputStream",
          // key material refuses to be serialised
          "java.io.Serializable",
          "java.io.ObjectOutputStream",
          "java.io.NotSerializableException");

  @ParameterizedTest
  @ValueSource(
      classes = {
        Api.class,
        Configuration.class,
        PosthornOperator.class,
        Dispatcher.class,
        Posthorn.class
      })
  void everyModuleIsLookedAt(Class<?> type) {
    assertThat(PROGRAM.contain(type)).isTrue();
  }

  @Test
  void modulesKnowOnlyThoseToTheLeft() {
    onlyKnows("dev.posthorn.crds..", "dev.posthorn.crds..");
    onlyKnows("dev.posthorn.core..", "dev.posthorn.crds..", "dev.posthorn.core..");
    onlyKnows(
        "dev.posthorn.operator..",
        "dev.posthorn.crds..",
        "dev.posthorn.core..",
        "dev.posthorn.operator..");
    onlyKnows(
        "dev.posthorn.dispatcher..",
        "dev.posthorn.crds..",
        "dev.posthorn.core..",
        "dev.posthorn.dispatcher..");
  }

  private static void onlyKnows(String module, String... known) {
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.posthorn..")
                .and(DescribedPredicate.not(resideInAnyPackage(known))))
        .check(PROGRAM);
  }

  @Test
  void noPackageIsInACycle() {
    slices().matching("dev.posthorn.(**)").should().beFreeOfCycles().check(PROGRAM);
  }

  @Test
  void storeAndSendDoNotKnowEachOther() {
    knowsNothingOf("dev.posthorn.dispatcher.store..", "dev.posthorn.dispatcher.send..");
    knowsNothingOf("dev.posthorn.dispatcher.send..", "dev.posthorn.dispatcher.store..");
  }

  @Test
  void lanesDecideAndTouchNothing() {
    knowsNothingOf(
        "dev.posthorn.dispatcher.lane..",
        "dev.posthorn.dispatcher.send..",
        "dev.posthorn.dispatcher.http..",
        "dev.posthorn.dispatcher.api..",
        "java.sql..",
        "java.net..");
  }

  @Test
  void onlyCompositionRootsKnowTheWholeDispatcher() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.posthorn.dispatcher", "dev.posthorn.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.posthorn.dispatcher")
        .check(PROGRAM);
    noClasses()
        .that()
        .resideInAPackage("dev.posthorn.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.posthorn.dispatcher.store..",
            "dev.posthorn.dispatcher.lane..",
            "dev.posthorn.dispatcher.accept..",
            "dev.posthorn.dispatcher.snapshot..",
            "dev.posthorn.dispatcher.source..",
            "dev.posthorn.dispatcher.api..")
        .check(PROGRAM);
  }

  @Test
  void onlyReconcilersKnowTheJavaOperatorSdk() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.posthorn.operator.reconcile")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.javaoperatorsdk..")
        .check(PROGRAM);
  }

  @Test
  void workloadsAreMadeWithoutACluster() {
    knowsNothingOf(
        "dev.posthorn.operator.workload..",
        "io.fabric8.kubernetes.client..",
        "dev.posthorn.operator.cluster..",
        "java.time..",
        "java.net..");
  }

  @Test
  void coreDoesNotKnowKubernetes() {
    knowsNothingOf("dev.posthorn.core..", "io.fabric8..");
  }

  @Test
  void coreHasNoInputAndOutput() {
    noClasses()
        .that()
        .resideInAPackage("dev.posthorn.core..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.net..",
                    "java.io..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.sql..")
                .and(
                    DescribedPredicate.describe("reach outside", ArchitectureTest::reachesOutside)))
        .check(PROGRAM);
  }

  private static boolean reachesOutside(JavaClass used) {
    return !HARMLESS.contains(used.getName());
  }

  @Test
  void coreHasNoThreads() {
    noClasses()
        .that()
        .resideInAPackage("dev.posthorn.core..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executor.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Executors.class)
        .check(PROGRAM);
  }

  @Test
  void nobodyAsksForTheTimeOrSleeps() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(PROGRAM);
  }

  /** Commands are where the program begins: they take the clock and hand it on. */
  @Test
  void onlyCommandsTakeTheClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.posthorn.cli")
        .should()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(java.time.InstantSource.class, "system")
        .check(PROGRAM);
  }

  /**
   * On decoded bytes, where the time tells nothing: by MessageDigest, or by the JDK's algorithm.
   */
  @Test
  void signaturesAreComparedInConstantTime() {
    String signer = "dev.posthorn.core.signing.Signer";
    classes()
        .that()
        .implement(signer)
        .should()
        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
        .orShould()
        .callMethod(Signature.class, "verify", byte[].class)
        .check(PROGRAM);
    noClasses()
        .that()
        .implement(signer)
        .should()
        .callMethodWhere(JavaCall.Predicates.target(nameMatching("equals|compare.*|mismatch")))
        .check(PROGRAM);
    noClasses()
        .that()
        .resideInAPackage("dev.posthorn.core.signing")
        .and()
        .doNotImplement(signer)
        .should()
        .callMethod(Mac.class, "doFinal")
        .orShould()
        .callMethod(Mac.class, "doFinal", byte[].class)
        .orShould()
        .callMethod(Signature.class, "verify", byte[].class)
        .check(PROGRAM);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .that()
        .areTopLevelClasses()
        .should()
        .haveNameNotMatching(".*\\.(Abstract|Base)[A-Z][^.]*|.*(Util|Utils|Helper|Manager|Impl)")
        .check(PROGRAM);
  }

  /** crds is an interface as a whole and is not counted. */
  @ParameterizedTest
  @ValueSource(strings = {"core", "operator", "dispatcher", "cli"})
  void aboutHalfOfTheTypesArePublicAtMost(String module) {
    List<JavaClass> types =
        PROGRAM.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> type.getPackageName().startsWith("dev.posthorn." + module))
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .toList();
    long open =
        types.stream().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC)).count();
    System.out.printf("%s: %d of %d types are public%n", module, open, types.size());
    assertThat(types).isNotEmpty();
    assertThat(open * 100 / types.size()).isLessThanOrEqualTo(58);
  }

  private static void knowsNothingOf(String who, String... others) {
    noClasses()
        .that()
        .resideInAPackage(who)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(PROGRAM);
  }
}
