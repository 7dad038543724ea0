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
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import picocli.CommandLine;

/** Small clusters in virtual time, from the command line. */
class SimulateCommandTest {
    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(final String options) {
        final CommandLine program = Program.commandLine();
        program.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return program.execute(("simulate " + options).split(" "));
    }

    private Map<String, Object> json(final String options) throws IOException {
        final Path file = folder.resolve("result.json");
        assertEquals(0, run("--workers 12 --seconds 8 " + options + " --json " + file), err::toString);
        return Json.parse(Files.readString(file));
    }

    @Test
    void theResultHasTheKeysOfTheContract() throws IOException {
        final Map<String, Object> result = json("--consistency pssp --staleness 2 --sample 3 --seed 7 --shards 2");

        assertTrue(result.keySet().containsAll(Set.of("consistency", "workers", "seed", "virtualSeconds", "stepsMean",
                "stepsMin", "stepsMax", "barrierMessagesPerStep", "waitFraction", "messages", "stalenessHistogram",
                "violations")), result::toString);
        assertEquals("pssp(2,3)", result.get("consistency"));
        assertEquals(12.0, result.get("workers"));
        assertEquals(7.0, result.get("seed"));
        assertEquals(2.0, result.get("shards"));
        assertEquals(3.0, result.get("barrierMessagesPerStep"));
        assertEquals(0.0, result.get("violations"));
        assertEquals(8, (double) result.get("virtualSeconds"), 0.01);
        assertEquals(8, (double) result.get("stepsMean"), 3);
        assertTrue((double) result.get("messages") > 100, result::toString);
        assertFalse(((Map<?, ?>) result.get("stalenessHistogram")).isEmpty());
        assertTrue(out.toString().contains("pssp(2,3)"), out::toString);
    }

    @Test
    void theJobIsThatOfTheOptions() throws IOException {
        final double steps = (double) json("--compute constant:1s").get("stepsMean");
        assertTrue((double) json("--compute constant:2s").get("stepsMean") < 0.7 * steps);
        assertTrue((double) json("--stragglers 2:8").get("stepsMean") < 0.7 * steps);
        assertTrue((double) json("--rotating-straggler 5s").get("waitFraction") > 0.1);
        assertTrue((double) json("--sleeps 0.2:constant:5s").get("stepsMean") < 0.8 * steps);
        assertTrue((double) json("--compute constant:1s --pause client:3:1s:4s").get("stepsMin") < steps - 2);
        final Map<String, Object> faulty = json("--loss 0.1 --duplicate 0.1 --delay exponential:2ms --per-client 3");
        assertEquals(4.0, faulty.get("clients"));
        assertTrue(faulty.get("messagesByKind").toString().contains("lost="));
        assertFalse(faulty.get("messagesByKind").toString().matches("(?s)(?!.*lost=[1-9]).*"), faulty::toString);
    }

    @Test
    void aSampleOfAllIsBspOrSsp() throws IOException {
        assertEquals(json("--consistency bsp").get("stepsMean"),
                json("--consistency pbsp --sample 11").get("stepsMean"));
        assertEquals(json("--consistency ssp --staleness 2").get("stepsMean"),
                json("--consistency pssp --staleness 2 --sample 11").get("stepsMean"));
    }

    @Test
    void aSampleOfNobodyIsAsp() throws IOException {
        final Object asp = json("--consistency asp").get("stepsMean");

        assertEquals(asp, json("--consistency pbsp --sample 0").get("stepsMean"));
        assertTrue((double) json("--consistency bsp").get("stepsMean") < (double) asp);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--workers 0              | --workers must be 1 to 1000000, got 0",
            "--workers 10 --per-client 3 | --per-client must divide the 10 workers, got 3",
            "--staleness -1           | staleness must be at least 0, got -1",
            "--sample 3               | sample belongs to pbsp and pssp; ssp has none, got 3",
            "--consistency absp       | absp is not simulated: take bsp and a longer --compute",
            "--seconds 0              | --seconds must be above 0 and at most 1000000, got 0.0",
            "--loss 2                 | probabilities must be 0 to 1, got loss 2.0 and duplication 0.0",
            "--stragglers 101         | --stragglers must be K[:FACTOR] with K of 0 to 100 and FACTOR above 0, got '101'",
            "--rotating-straggler uniform:1s..2s | --rotating-straggler: expected a duration such as 500ms, "
                    + "got 'uniform:1s..2s'",
            "--pause disk:0:1s:1s     | --pause is of a coordinator, shard or client, got 'disk:0:1s:1s'",
            "--seeds 5..3             | --seeds must be FROM..TO with FROM at most TO, got '5..3'",
            "--seeds many             | --seeds must be FROM..TO, for example 1..1000, got 'many'",
            "--replay 3 --workers 4   | --replay leaves no room for --workers",
            "--seeds 1..2 --json -    | --seeds leaves no room for --json",
            "--replay 3 --seeds 1..2  | --replay leaves no room for --seeds",
            "--experiment lda         | --experiment must be psp, got 'lda'",
            "--experiment psp --consistency bsp | --experiment leaves no room for --consistency",
            "--chart x.svg            | --chart belongs to --experiment"})
    void aWrongOptionIsNamedInOneLine(final String options, final String message) {
        assertEquals(2, run(options));
        assertEquals("rubato: " + message + "\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void anUnknownDistributionIsExplained() {
        assertEquals(2, run("--compute often"));
        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().startsWith("rubato: --compute: expected constant:10ms"), err::toString);
    }

    @Test
    void aReplayShowsEveryEventAndIsAlwaysTheSame() {
        assertEquals(0, run("--replay 4"));
        final String first = out.toString();
        assertTrue(first.contains("client 0 -> "), "no events");
        assertTrue(first.contains("violations 0"), "no summary");
        out.getBuffer().setLength(0);

        assertEquals(0, run("--replay 4"));
        assertEquals(first, out.toString());
    }

    @Test
    void aSweepCountsItsSeeds() {
        assertEquals(0, run("--seeds 1..20"));
        assertTrue(out.toString().contains("seeds 1 to 20"), out::toString);
        assertTrue(out.toString().contains("ssp: "), out::toString);
        assertTrue(out.toString().contains("seeds that break something: 0"), out::toString);
    }

    @Test
    void theExperimentIsToldAndDrawn() throws Exception {
        final Path chart = folder.resolve("chart.svg");
        final Path file = folder.resolve("psp.json");
        assertEquals(0,
                run("--experiment psp --workers 80 --seconds 20 --chart " + chart + " --json " + file));

        assertTrue(out.toString().contains("in mean steps: yes"), out::toString);
        assertTrue(out.toString().contains("falls as its sample grows: yes"), out::toString);
        final Map<String, Object> result = Json.parse(Files.readString(file));
        assertEquals(5, ((List<?>) result.get("models")).size());
        assertEquals(8, ((List<?>) result.get("sweep")).size());
        final Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(chart.toFile());
        final List<Element> bars = new ArrayList<>();
        final var rectangles = document.getElementsByTagName("rect");
        for (int i = 0; i < rectangles.getLength(); i++) {
            final Element rectangle = (Element) rectangles.item(i);
            if (rectangle.getAttribute("class").equals("bar")) {
                bars.add(rectangle);
            }
        }
        assertEquals(5, bars.size());
        assertTrue(height(bars.getFirst()) < height(bars.getLast()));
        assertEquals(8, document.getElementsByTagName("circle").getLength());
    }

    private static double height(final Element bar) {
        return Double.parseDouble(bar.getAttribute("height"));
    }
}
