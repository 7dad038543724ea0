package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Command lines that are refused before anything starts, and those that only explain. */
class ProgramTest {
    @TempDir
    private Path folder;
    private Path ratings;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void writeRatings() throws IOException {
        ratings = Files.writeString(folder.resolve("ratings.tsv"), "a\tx\t1\nb\ty\t2\na\ty\t3\nb\tx\t4\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--staleness -1           | staleness must be at least 0, got -1",
            "--workers 0              | workers must be 1 to 1024, got 0",
            "--workers two            | workers must be a whole number, got 'two'",
            "--consistency eventual | consistency must be bsp, ssp, essp, asp, vap, pbsp, pssp, dssp or absp, "
                    + "got 'eventual'",
            "--sample 3               | sample belongs to pbsp and pssp; ssp has none, got 3",
            "--sampling peers         | sampling belongs to pbsp and pssp; ssp has none, got peers",
            "--value-bound 0.1        | value-bound belongs to vap; ssp has none, got 0.1",
            "--propagation push       | propagation belongs to asp, pbsp, pssp and dssp; ssp leaves no "
                    + "choice, got push",
            "--consistency dssp --staleness 3 | staleness must be LO..HI under dssp, for example 3..15, got '3'",
            "--one-sided maybe        | one-sided must be on or off, got 'maybe'",
            "--rank -1                | rank must be 0 to 4096, got -1",
            "--rank 1.5               | rank must be a whole number, got 1.5",
            "--learning-rate nothing  | learning-rate must be a number, got 'nothing'",
            "--regularization -1      | regularization must be at least 0, got -1.0",
            "--transport tcp          | transport must be ipc or udp, got 'tcp'",
            "--driver remote          | --driver must be process or embedded, got 'remote'",
            "--idle sleep             | Invalid value for option '--idle': expected backoff, yield or spin, got "
                    + "'sleep' (see 'rubato train mf --help')",
            "--mtu 1000               | --mtu must be a multiple of 32 from 1024 to 65504, got 1000",
            "--consistency absp --clocks 30 --staleness 3 | clocks must be a multiple of staleness + 1 = 4 "
                    + "under absp, so that the same work is done, got 30",
            "--slow-worker turn:5     | slow worker must be INDEX:MILLIS or rotate:MILLIS, for example 0:50, "
                    + "got 'turn:5'",
            "--slow-worker 9:9        | slow-worker: there is no worker 9 among 2"})
    void aWrongOptionIsNamedInOneLine(final String options, final String message) {
        final List<String> arguments =
                new ArrayList<>(List.of("--data", ratings.toString(), "--out", folder.resolve("out").toString()));
        arguments.addAll(List.of(options.split(" ")));

        assertEquals(2, trainMf(arguments.toArray(String[]::new)));
        assertEquals("rubato: " + message + "\n", err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''          | expected at least one rating",
            "a,b         | line 1: expected",
            "a\\tb\\tNaN | line 1: expected a finite number",
            "a\\tb\\t1\\nnonsense | line 2: expected"})
    void badDataIsNamedInOneLine(final String content, final String message) throws IOException {
        Files.writeString(ratings, content.replace("\\t", "\t").replace("\\n", "\n"));

        assertEquals(2, trainMf("--data", ratings.toString(), "--out", folder.resolve("out").toString()));
        assertOneLine(ratings.toString(), message);
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(2, trainMf("--data", folder.resolve("nowhere").toString()));
        assertOneLine(folder.resolve("nowhere") + ": no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--store", "--json"})
    void anOutputThatCannotBeWrittenIsNamed(final String option) {
        final List<String> arguments = new ArrayList<>(List.of("--data", ratings.toString()));
        if (!option.equals("--out")) {
            arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        }
        // Below a file there is no room, not even for root.
        arguments.addAll(List.of(option, ratings.resolve("below").toString()));

        assertEquals(2, trainMf(arguments.toArray(String[]::new)));
        assertOneLine(option + " " + ratings.resolve("below") + ": cannot write to the directory");
    }

    @Test
    void dataIsRequired() {
        assertEquals(2, trainMf());
        assertEquals("rubato: Missing required option: '--data=FILE' (see 'rubato train mf --help')\n", err.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | expected three whole numbers: document word count, got '1 1'",
            "--topics 0 | topics must be 1 to 65536, got 0", "--topics 1.5 | topics must be a whole number, got '1.5'",
            "--alpha 0 | alpha must be more than 0, got 0.0", "--beta x | beta must be a number, got 'x'",
            "--work-per-clock 101 | work per clock must be more than 0 and at most 100",
            "--vocab /no | /no: no such file",
            "--wire bf16 | lda's rows hold whole numbers: wire must be exact, got bf16"})
    void whatLdaCannotUseIsToldInOneLine(final String options, final String message) throws IOException {
        // Only where nothing else is wrong is the file looked at to its end.
        final Path data = Files.writeString(folder.resolve("docword"),
                options.isEmpty() ? "1\n1\n1\n1 1\n" : "1\n1\n1\n1 1 1\n");
        final List<String> line = new ArrayList<>(List.of("train", "lda", "--data", data.toString(), "--out",
                folder.resolve("out").toString()));
        line.addAll(options.isEmpty() ? List.of() : List.of(options.split(" ")));
        assertEquals(2, run(line.toArray(String[]::new)));
        assertOneLine(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"inspect /tmp", "export x --y", "train lasso",
                    "train proximal", "train logistic --workers 3"})
    void whatIsNotThereYetIsRefusedWithASentence(final String line) {
        assertEquals(2, run(line.split(" ")));
        assertOneLine("is not available yet");
    }

    @Test
    void measurementsAreStartedByTheScript() {
        assertEquals(2, run("bench", "rows", "--mtu", "4096"));
        assertOneLine("bench is built and started by scripts/rubato");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "train", "nonsense", "train nonsense", "--nonsense", "demo --ratings 5",
            "demo --ratings many",
            "shard", "worker --index x", "coordinator", "driver"})
    void wrongUsageIsToldInOneLine(final String line) {
        assertEquals(2, run(line.isEmpty() ? new String[0] : line.split(" ")));
        assertOneLine("rubato: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "demo --help", "train --help", "train mf --help", "train lda --help",
                    "coordinator --help", "shard --help",
                    "worker --help", "driver --help", "simulate --help", "--version"})
    void explainsItself(final String line) {
        assertEquals(0, run(line.split(" ")));
        assertTrue(out.toString().contains("rubato"), out.toString());
        assertEquals("", err.toString());
    }

    private int trainMf(final String... options) {
        return run(java.util.stream.Stream.concat(java.util.stream.Stream.of("train", "mf"), Arrays.stream(options))
                .toArray(String[]::new));
    }

    private int run(final String... arguments) {
        final CommandLine program = Program.commandLine();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return program.execute(arguments);
    }

    private void assertOneLine(final String... parts) {
        final String text = err.toString();
        assertEquals(1, text.lines().count(), text);
        for (final String part : parts) {
            assertTrue(text.contains(part), text);
        }
    }
}
