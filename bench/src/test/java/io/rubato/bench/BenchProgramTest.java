package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Command lines that are refused before anything starts, and those that only explain. */
class BenchProgramTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String line) {
        final CommandLine program = BenchProgram.commandLine();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return program.execute(line.isEmpty() ? new String[0] : line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "''                                | expected a measurement: ",
            "reads                             | Unmatched argument at index 0: 'reads'",
            "rows --mtu 1000                   | --mtu must be a multiple of 32 from 64 to 65504, got 1000",
            "rows --transport tcp              | --transport must be ipc, udp or both, got 'tcp'",
            "rows --rows 100 --batch 200       | --batch must be 1 to 100, got 200",
            "rows --repeats many               | Invalid value for option '--repeats'",
            "rows --json /no/such/folder/file  | --json /no/such/folder/file: cannot write to its directory",
            "budgets --only speed              | --only must be some of cached-read, allocation, one-sided, apply, push, "
                    + "read-ipc, read-udp, mf, lda, got 'speed'",
            "budgets --libmf /no/such/program  | --libmf /no/such/program is no program",
            "random --repeats 0                | --repeats must be 1 to 1000, got 0",
            "scale --axis size                 | --axis must be some of rows,shards,workers,staleness,readers, got 'size'",
            "waiting --idle sleep              | expected backoff, yield or spin, got 'sleep'",
            "waiting --placement far           | expected free, clients or apart, got 'far'",
            "scale --shards 65                 | --shards must be 1 to 64, got 65",
            "mf --runs 0                       | --runs must be 1 to 1000, got 0",
            "mf --ranks 16,x                   | Invalid value for option '--ranks'",
            "mf --clocks                       | every option has a value, but --clocks has none",
            "mf --data file                    | --data is no option of this measurement",
            "mf --consistency essp             | --consistency must be bsp, ssp or asp here, got essp",
            "lda --topics 0                    | --topics must be 1 to 65536, got 0",
            "lda --passes 0                    | --passes must be 1 to 100000, got 0",
            "lda --data file                   | --data and --test belong together",
            "lda --data /no/a --test /no/b     | /no/a does not exist",
            "consistency --workers 1           | --workers must be 2 to 1024, got 1",
            "consistency --rotate-clocks 41    | --rotate-clocks must be a multiple of --staleness + 1 = 4, got 41",
            "consistency --slow                | Missing required parameter"})
    void wrongUsageIsToldInOneLine(final String line, final String message) {
        assertEquals(2, run(line));
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("rubato: "), err.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertTrue(err.toString().contains("(see 'rubato bench"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "budgets --help", "rows --help", "random --help", "scale --help", "waiting --help",
                    "mf --help",
                    "lda --help",
                    "consistency --help"})
    void explainsItself(final String line) {
        assertEquals(0, run(line));
        assertTrue(out.toString().contains("rubato bench"), out.toString());
        assertEquals("", err.toString());
    }
}
