package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.Consistency.Propagation;
import io.rubato.Consistency.Sampling;
import io.rubato.Encoding;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobConfigTest {
    private static final String AWKWARD = " \t\n\r\f=:#!\\\"'aZ0/.-_\u00e9\u4e2d\ud83c\udfbb";

    @Test
    void parseReadsWhatFormatWrites() {
        for (long seed = 0; seed < 2_000; seed++) {
            final JobConfig config = random(new SplittableRandom(seed));
            assertEquals(config, JobConfig.parse(config.format()), "seed " + seed);
        }
    }

    private static JobConfig random(final SplittableRandom random) {
        final SortedMap<String, String> options = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            options.put(text(random), text(random));
        }
        final int workers = random.nextInt(1, 100);
        final int merged = random.nextBoolean() ? 1 : random.nextInt(1, 100);
        final JobModel model = new JobModel(merged == 1 ? consistency(random) : Consistency.bsp(), merged);
        return new JobConfig(text(random), model, workers, random.nextInt(1, 5),
                random.nextInt(1, 1_000),
                random.nextInt(1, Integer.MAX_VALUE / merged) * merged, Double.MIN_VALUE + random.nextDouble(10),
                random.nextLong(),
                random.nextBoolean() ? JobConfig.Media.IPC : JobConfig.Media.UDP,
                JobConfig.OneSided.values()[random.nextInt(3)],
                !model.consistency().isValueBounded() && random.nextBoolean() ? Encoding.BF16
                        : Encoding.EXACT,
                text(random), text(random), text(random),
                random.nextBoolean() ? null : new SlowWorker(random.nextInt(-1, workers), random.nextInt(1, 10_000)),
                random.nextBoolean() ? Double.NaN : random.nextDouble(), options);
    }

    private static Consistency consistency(final SplittableRandom random) {
        final int staleness = random.nextInt(Integer.MAX_VALUE);
        final int sample = random.nextInt(Integer.MAX_VALUE);
        final double bound = Double.MIN_VALUE + random.nextDouble();
        final Propagation propagation = random.nextBoolean() ? Propagation.PULL : Propagation.PUSH;
        final Sampling sampling = random.nextBoolean() ? Sampling.CENTRAL : Sampling.PEERS;
        return switch (Consistency.Model.values()[random.nextInt(Consistency.Model.values().length)]) {
            case BSP -> Consistency.bsp();
            case SSP -> Consistency.ssp(staleness);
            case ESSP -> Consistency.essp(staleness);
            case ASP -> Consistency.asp().with(propagation);
            case VAP -> random.nextBoolean() ? Consistency.vap(bound) : Consistency.decayingVap(bound);
            case PBSP -> Consistency.pbsp(sample).with(propagation).with(sampling);
            case PSSP -> Consistency.pssp(staleness, sample).with(propagation).with(sampling);
            case DSSP -> Consistency.dssp(random.nextInt(staleness + 1), staleness).with(propagation);
        };
    }

    private static String text(final SplittableRandom random) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            // Code units, so that lone surrogates occur too.
            text.append(AWKWARD.charAt(random.nextInt(AWKWARD.length())));
        }
        return text.toString();
    }

    @Test
    void aKeyThatIsMissingHasItsDefault() {
        final JobConfig config = JobConfig.parse("# by hand\ndata = /ratings.tsv\noption.rank = 8\n");

        assertEquals("/ratings.tsv", config.data());
        assertEquals("mf", config.learner());
        assertEquals(Consistency.ssp(3), config.model().consistency());
        assertEquals(2, config.workers());
        assertEquals(Map.of("rank", "8"), config.options());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bsp | bsp", "ssp | ssp(3)", "essp | essp(3)", "asp | asp", "vap | vap(0.1)",
            "pbsp | pbsp(1)", "pssp | pssp(3,1)", "dssp | dssp(3..15)",
            "absp | absp(3) (bsp with 4 clocks in one)"})
    void everyModelHasDefaults(final String name, final String described) {
        assertEquals(described, JobConfig.of(Map.of("data", "x", "consistency", name)).model().toString());
    }

    /** LazyTable's equal-bound points, Cui et al. 2014: SSP{w, s} against A-BSP{w(s+1), 0}; one option apart. */
    @Test
    void abspIsTheEqualBoundPointOfSsp() {
        final Map<String, String> ssp =
                Map.of("data", "x", "staleness", "3", "work-per-clock", "0.125", "clocks", "40");
        final Map<String, String> absp = new TreeMap<>(ssp);
        absp.put("consistency", "absp");
        final JobConfig a = JobConfig.of(absp);
        final JobConfig b = JobConfig.of(ssp);

        assertEquals(Consistency.bsp(), a.model().consistency());
        assertEquals(0.5, a.workPerClockToRun());
        assertEquals(10, a.clocksToRun());
        assertEquals(0.125, b.workPerClockToRun());
        assertEquals(40, b.clocksToRun());
        assertTrue(a.format().contains("consistency=absp\n") && a.format().contains("work-per-clock=0.125\n")
                && a.format().contains("staleness=3\n") && a.format().contains("clocks=40\n"), a.format());
    }

    @Test
    void whatDescribesAModelIsRead() {
        final Map<String, String> pssp = Map.of("data", "x", "consistency", "pssp", "staleness", "2", "sample", "4",
                "sampling", "peers", "propagation", "push");
        assertEquals(Consistency.pssp(2, 4).with(Sampling.PEERS).with(Propagation.PUSH),
                JobConfig.of(pssp).model().consistency());
        assertEquals(Consistency.dssp(1, 8), JobConfig.of(Map.of("data", "x", "consistency", "dssp", "staleness",
                "1..8")).model().consistency());
        assertEquals(Consistency.decayingVap(0.25), JobConfig.of(Map.of("data", "x", "consistency", "vap",
                "value-bound", "0.25/sqrt(t)")).model().consistency());
        assertEquals(Consistency.bsp(), JobConfig.of(Map.of("data", "x", "consistency", "bsp", "staleness",
                "0")).model().consistency());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "workers=0                 | workers must be 1 to 1024, got 0",
            "threads=-1                | threads must be 1 to 1024, got -1",
            "shards=1025               | shards must be 1 to 1024, got 1025",
            "shards=two                | shards must be a whole number, got 'two'",
            "clocks=0                  | clocks must be 1 to 2147483647, got 0",
            "clocks=4294967297         | clocks is out of range: 4294967297",
            "work-per-clock=0          | work-per-clock must be above 0, got 0.0",
            "work-per-clock=NaN        | work-per-clock must be above 0, got NaN",
            "staleness=-1              | staleness must be at least 0, got -1",
            "consistency=bsp\\nstaleness=2 | staleness belongs to ssp, essp, pssp, dssp and absp; bsp has none, got 2",
            "consistency=asp\\nstaleness=2 | staleness belongs to ssp, essp, pssp, dssp and absp; asp has none, got 2",
            "consistency=vap\\nstaleness=0 | staleness belongs to ssp, essp, pssp, dssp and absp; vap has none, got 0",
            "consistency=essp\\nstaleness=-1 | staleness must be at least 0, got -1",
            "consistency=essp\\nstaleness=1..2 | staleness must be a whole number, got '1..2'",
            "consistency=essp\\nstaleness=4294967297 | staleness is out of range: 4294967297",
            "consistency=dssp\\nstaleness=4 | staleness must be LO..HI under dssp, for example 3..15, got '4'",
            "consistency=dssp\\nstaleness=4..3 | staleness must be LO..HI with LO at most HI, got '4..3'",
            "consistency=pbsp\\nstaleness=1 | staleness belongs to ssp, essp, pssp, dssp and absp; pbsp has "
                    + "none, got 1",
            "consistency=pbsp\\nsample=-1 | sample must be at least 0, got -1",
            "consistency=pssp\\nsample=x | sample must be a whole number, got 'x'",
            "sample=3                  | sample belongs to pbsp and pssp; ssp has none, got 3",
            "consistency=dssp\\nsampling=peers | sampling belongs to pbsp and pssp; dssp has none, got peers",
            "consistency=pssp\\nsampling=all | sampling must be central or peers, got 'all'",
            "consistency=vap\\nvalue-bound=0 | value-bound must be above 0, got 0",
            "consistency=vap\\nvalue-bound=-1/sqrt(t) | value-bound must be above 0, got -1/sqrt(t)",
            "consistency=vap\\nvalue-bound=NaN | value-bound must be above 0, got NaN",
            "consistency=vap\\nvalue-bound=1/t | value-bound must be a number, got '1/t'",
            "consistency=essp\\nvalue-bound=1 | value-bound belongs to vap; essp has none, got 1",
            "consistency=essp\\npropagation=push | propagation belongs to asp, pbsp, pssp and dssp; essp "
                    + "leaves no choice, got push",
            "consistency=asp\\npropagation=both | propagation must be pull or push, got 'both'",
            "consistency=eventual      | consistency must be bsp, ssp, essp, asp, vap, pbsp, pssp, dssp or "
                    + "absp, got 'eventual'",
            "wire=fp16                 | wire must be exact or bf16, got 'fp16'",
            "consistency=vap\\nwire=bf16 | wire must be exact under vap: rounding a row may change it by more than the "
                    + "value bound",
            "transport=tcp             | transport must be ipc or udp, got 'tcp'",
            "slow-worker=1             | slow worker must be INDEX:MILLIS or rotate:MILLIS, for example 0:50, got '1'",
            "slow-worker=turn:5        | slow worker must be INDEX:MILLIS or rotate:MILLIS, for example 0:50, "
                    + "got 'turn:5'",
            "consistency=absp\\nclocks=10 | clocks must be a multiple of staleness + 1 = 4 under absp, so "
                    + "that the same work is done, got 10",
            "consistency=absp\\nstaleness=2147483647 | staleness is out of range: 2147483647",
            "consistency=absp\\nsample=1 | sample belongs to pbsp and pssp; absp has none, got 1",
            "slow-worker=2:5           | slow-worker: there is no worker 2 among 2",
            "colour=red                | a job has no key 'colour'"})
    void aMistakeIsNamed(final String lines, final String message) {
        final UsageException e = assertThrows(UsageException.class,
                () -> JobConfig.parse("data=x\n" + lines.replace("\\n", "\n")));

        assertEquals(message, e.getMessage());
    }

    @Test
    void dataIsRequired() {
        assertEquals("a job needs the key 'data'",
                assertThrows(UsageException.class, () -> JobConfig.parse("")).getMessage());
    }

    @Test
    void aDescriptionThatDoesNotFitAMessageIsRefused() {
        final JobConfig config = JobConfig.of(Map.of("data", "x".repeat(JobConfig.MAX_BYTES)));

        assertThrows(UsageException.class, config::format);
    }

    @Test
    void theTextHasNoDate() {
        assertFalse(JobConfig.of(Map.of("data", "x")).format().contains("#"));
    }
}
