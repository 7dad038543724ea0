package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rubato.Consistency;
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
        final Consistency consistency = switch (random.nextInt(3)) {
            case 0 -> Consistency.bsp();
            case 1 -> Consistency.asp();
            default -> Consistency.ssp(random.nextInt(Integer.MAX_VALUE));
        };
        final SortedMap<String, String> options = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            options.put(text(random), text(random));
        }
        final int workers = random.nextInt(1, 100);
        return new JobConfig(text(random), consistency, workers, random.nextInt(1, 5), random.nextInt(1, 1_000),
                random.nextInt(1, Integer.MAX_VALUE), Double.MIN_VALUE + random.nextDouble(10), random.nextLong(),
                random.nextBoolean() ? JobConfig.Media.IPC : JobConfig.Media.UDP, text(random), text(random),
                text(random),
                random.nextBoolean() ? null : new SlowWorker(random.nextInt(workers), random.nextInt(1, 10_000)),
                random.nextBoolean() ? Double.NaN : random.nextDouble(), options);
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
        assertEquals(Consistency.ssp(3), config.consistency());
        assertEquals(2, config.workers());
        assertEquals(Map.of("rank", "8"), config.options());
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
            "consistency=bsp\\nstaleness=2 | staleness belongs to ssp; bsp has none, got 2",
            "consistency=asp\\nstaleness=2 | staleness belongs to ssp; asp has none, got 2",
            "consistency=essp          | consistency essp is not available yet; use bsp, ssp or asp",
            "consistency=eventual      | consistency must be bsp, ssp or asp, got 'eventual'",
            "transport=tcp             | transport must be ipc or udp, got 'tcp'",
            "slow-worker=1             | slow worker must be INDEX:MILLIS, for example 0:50, got '1'",
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
