package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code scripts/rubato} in a project whose Maven only writes down how it was called, with a JDK whose {@code java}
 * prints its arguments. What runs there and the test wait for each other at two pipes, {@code arrived} and {@code go}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ScriptTest {
    private static final FileTime PAST = FileTime.from(Instant.now().minusSeconds(3600));
    private static final FileTime LONG_PAST = FileTime.from(Instant.now().minusSeconds(7200));
    private static final FileTime FUTURE = FileTime.from(Instant.now().plusSeconds(3600));
    private static final int MOST_SECONDS = 30;
    private static final String FAKE_JAVA = """
            #!/bin/sh
            printf '%s\\n' "$@"
            """;
    private static final String FAKE_MAVEN = """
            #!/bin/sh
            echo "$*" >>calls
            if [ -n "${DURING_BUILD:-}" ]; then
                eval "$DURING_BUILD"
            fi
            """;
    /** What the script calls but Maven. */
    private static final List<String> TOOLS = List.of("awk", "cat", "cmp", "cp", "date", "dirname", "find", "flock",
            "grep", "head", "mkdir", "mv", "readlink", "rm", "sed", "touch");

    @TempDir
    private Path folder;
    private Path root;
    private Path jdk;
    private Path source;
    private Path tools;
    private RandomAccessFile arrived;
    private RandomAccessFile go;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void createProject() throws Exception {
        // The script prints its own folder without links.
        folder = folder.toRealPath();
        final Path project = Path.of(System.getProperty(JvmCommand.OPTIONS_FILE)).getParent().getParent();
        root = folder.resolve("a project");
        copy(project, "scripts/rubato");
        copy(project, "scripts/find-jdk");
        copy(project, "config/jvm.options");
        copy(project, "config/worker.options");
        Files.writeString(root.resolve("pom.xml"), "");
        source = Files.createDirectories(root.resolve("node/src/main/java")).resolve("Main.java");
        Files.writeString(source, "");
        jdk = folder.resolve("a jdk");
        tools = Files.createDirectories(folder.resolve("tools"));
        for (final String tool : TOOLS) {
            program(tools.resolve(tool), calling(tool));
        }
        program(jdk.resolve("bin/java"), FAKE_JAVA);
        program(jdk.resolve("bin/javac"), FAKE_JAVA);
        program(tools.resolve("mvn"), FAKE_MAVEN);
        release("25.0.1");
        Files.setLastModifiedTime(source, PAST);
        arrived = pipe("arrived");
        go = pipe("go");
    }

    /** Open both ways, so that opening it waits for nobody. */
    private RandomAccessFile pipe(final String name) throws Exception {
        final Path file = root.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        return new RandomAccessFile(file.toFile(), "rw");
    }

    @AfterEach
    void endAll() throws IOException {
        for (final Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        arrived.close();
        go.close();
    }

    private void copy(final Path project, final String file) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.copy(project.resolve(file), root.resolve(file));
    }

    private static String calling(final String tool) {
        for (final String each : System.getenv("PATH").split(":", -1)) {
            final Path file = Path.of(each, tool).toAbsolutePath();
            if (Files.isExecutable(file)) {
                return "#!/bin/sh\nexec '" + file + "' \"$@\"\n";
            }
        }
        throw new AssertionError(tool + " is needed on PATH");
    }

    private static void program(final Path file, final String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private void release(final String version) throws IOException {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    /** What a run printed and how it ended. */
    private record Run(int code, List<String> out, String errors) {
    }

    private Process start(final String duringBuild, final String... arguments) throws IOException {
        // Interrupts are heeded also where these tests run in the background.
        final List<String> command =
                new ArrayList<>(List.of("env", "--default-signal=INT", root.resolve("scripts/rubato").toString()));
        command.addAll(List.of(arguments));
        final ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
                .redirectOutput(out(started.size()).toFile()).redirectError(errors(started.size()).toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", tools.toString(), "JAVA_HOME", jdk.toString(), "DURING_BUILD", duringBuild));
        started.add(builder.start());
        return started.getLast();
    }

    private Path out(final int run) {
        return folder.resolve("out" + run);
    }

    private Path errors(final int run) {
        return folder.resolve("errors" + run);
    }

    private Run end(final Process process) throws IOException, InterruptedException {
        assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS));
        final int run = started.indexOf(process);
        return new Run(process.exitValue(), Files.readAllLines(out(run)), Files.readString(errors(run)));
    }

    private Run run(final String... arguments) throws IOException, InterruptedException {
        return end(start("", arguments));
    }

    private List<String> builds() throws IOException {
        final Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() throws Exception {
        final List<String> out = run("train", "a b", "*", "", "$x").out();
        final int main = out.indexOf("io.rubato.node.Main");
        assertEquals(List.of("train", "a b", "*", "", "$x"), out.subList(main + 1, out.size()));
        assertEquals(List.of("-cp", root.resolve("node/target/rubato.jar").toString()), out.subList(main - 2, main));
    }

    /** Each kind of process gets the flags of {@code config}, and its own. */
    @ParameterizedTest
    @CsvSource({"train, launcher, false, true, false", "coordinator, coordinator, false, true, false",
            "driver, coordinator, false, false, false", "shard, shard, true, false, false",
            "worker, worker, true, false, true", "simulate, launcher, true, false, false"})
    void processesGetTheirFlags(final String role, final String cache, final boolean hasVectors,
            final boolean stopsAtFirstTier, final boolean isWorker) throws Exception {
        // A flag is not taken for a pattern of names of files.
        Files.createFile(folder.resolve("-XX:CompileCommand=inline,jdk.internal.misc.Unsafe::getIntUnaligned"));
        final List<String> out = run(role).out();
        assertTrue(out.contains("-XX:CompileCommand=inline,jdk.internal.misc.Unsafe::*Unaligned"));
        assertTrue(out.contains("-XX:+UseSerialGC"));
        assertEquals(hasVectors, out.contains("jdk.incubator.vector"));
        assertEquals(stopsAtFirstTier, out.contains("-XX:TieredStopAtLevel=1"));
        assertEquals(isWorker, out.contains("-XX:-TieredCompilation"));
        assertTrue(out.contains("-XX:AOTCache=" + root.resolve("node/target/aot/" + cache + ".aot")));
        assertTrue(out.stream().noneMatch(each -> each.startsWith("#")));
    }

    @Test
    void whatIsBuiltIsBuiltAgainOnceASourceHasChanged() throws Exception {
        assertTrue(run("train").errors().contains("rubato: building (once"));
        assertEquals("", run("train").errors());
        assertEquals(List.of("-B -q -DskipTests -pl node -am package"), builds());
        Files.setLastModifiedTime(source, FUTURE);
        run("train");
        Files.setLastModifiedTime(source, PAST);
        assertEquals("", run("train").errors());
        assertEquals(2, builds().size());
    }

    /** What counts is when a build began: one that began before the sources were changed is made anew. */
    @Test
    void aSourceThatChangesDuringTheBuildIsNotMissed() throws Exception {
        Files.setLastModifiedTime(Files.createFile(root.resolve("before")), LONG_PAST);
        end(start("touch -r before node/target/rubato.started", "train"));
        run("train");
        assertEquals("", run("train").errors());
        assertEquals(2, builds().size());
    }

    @Test
    void twoThatStartAtOnceBuildOnce() throws Exception {
        program(tools.resolve("flock"),
                calling("flock").replace("exec", "echo at the lock >'" + root.resolve("arrived") + "'\nexec"));
        final Process one = start("read -r line <go", "train");
        final Process other = start("read -r line <go", "train");
        arrived.readLine();
        arrived.readLine();
        go.writeBytes("for one\nfor the other\n");
        assertEquals(0, end(one).code());
        assertEquals(0, end(other).code());
        assertEquals(1, builds().size());
    }

    @Test
    void aBuildThatFailsIsTriedAgain() throws Exception {
        final Run failed = end(start("echo what went wrong; exit 1", "train"));
        assertEquals(1, failed.code());
        assertEquals(List.of(), failed.out());
        assertTrue(failed.errors().contains("what went wrong"));
        assertTrue(failed.errors().endsWith("rubato: the build failed.\n"));
        assertEquals(0, run("train").code());
        assertEquals(2, builds().size());
    }

    /** The script waits for its build, which is not left alone, and then ends as it was told to. */
    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aBuildThatIsEndedStartsNothing(final String signal, final int code) throws Exception {
        final Process process =
                start("echo building >arrived; read -r line <go; if kill -0 $PPID; then touch attended; fi", "train");
        arrived.readLine();
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
        go.writeBytes("now\n");
        final Run ended = end(process);
        assertEquals(code, ended.code());
        assertEquals(List.of(), ended.out());
        assertTrue(Files.exists(root.resolve("attended")));
        assertFalse(Files.exists(root.resolve("node/target/rubato.built")));
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        Files.delete(tools.resolve("mvn"));
        final Run run = run("train");
        assertEquals(2, run.code());
        assertEquals("rubato: Maven 3.8 or later (mvn) is needed for the first start: none found on PATH.\n",
                run.errors());
    }

    @Test
    void cachesAreRecordedForEachJdk() throws Exception {
        final Path log = root.resolve("node/target/aot/log");
        assertTrue(run("train").errors().contains("recording start-up caches"));
        assertTrue(Files.readString(log)
                .contains("-XX:AOTCacheOutput=" + root.resolve("node/target/aot.new/launcher.aot")));
        assertEquals("", run("train").errors());
        release("25.0.2");
        assertTrue(run("train").errors().contains("recording start-up caches"));
        assertEquals("", run("train").errors());
        assertEquals(1, builds().size());
    }

    @Test
    void measurementsAreAModuleOfTheirOwn() throws Exception {
        Files.writeString(Files.createDirectories(root.resolve("bench/target")).resolve("classpath"), "a.jar:b.jar");
        final List<String> out = run("bench", "rows", "a b").out();
        final int main = out.indexOf("io.rubato.bench.Main");
        assertEquals(List.of("rows", "a b"), out.subList(main + 1, out.size()));
        assertEquals(root.resolve("bench/target/classes") + ":a.jar:b.jar", out.get(main - 1));
        assertEquals(List.of("-B -q -DskipTests -pl bench -am package"), builds());
        // It contains the program.
        assertFalse(run("train").errors().contains("building"));
    }

    @Test
    void anOldJdkIsPassedOver() throws Exception {
        release("21.0.9");
        assertNotEquals(jdk.toString(), found());
        release("25");
        assertEquals(jdk.toString(), found());
    }

    private String found() throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(root.resolve("scripts/find-jdk").toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        started.add(builder.start());
        return new String(started.getLast().getInputStream().readAllBytes()).strip();
    }
}
