package io.rubato.learn.mf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.rubato.Consistency;
import io.rubato.Encoding;
import io.rubato.JobResult;
import io.rubato.Learner;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.Worker;
import io.rubato.learn.InputException;
import io.rubato.learn.TestData;
import io.rubato.learn.ratings.PlantedRatings;
import io.rubato.learn.testing.EngineCluster;
import io.rubato.learn.testing.FakeCluster;
import io.rubato.learn.testing.SavedModel;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixFactorizationTest {
    private static final Consistency SSP = Consistency.ssp(3);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"movietweetings-100k.tsv.gz", "ml-latest-small.tsv.gz"})
    void factorsBeatBiasesOnRealRatings(final String name) throws Exception {
        final Path data = TestData.file("ratings/" + name);
        final JobResult biases = new FakeCluster(2).run(MatrixFactorization.load(defaults(data, 0)));
        final JobResult factors = new FakeCluster(2).run(
                MatrixFactorization.load(defaults(data, MfOptions.DEFAULT_RANK)));
        assertTrue(factors.test() < biases.test(), () -> factors + " against " + biases);
        assertTrue(biases.test() < (name.startsWith("ml") ? 0.9 : 1.53), biases::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void comesCloseToThePlantedNoise(final int workers) throws Exception {
        final MfOptions options =
                new MfOptions(planted(300, 200, 30_000), null, 0.1, 1, 4, 0.1f, 4, 0.25, 80, SSP, null);
        final FakeCluster cluster = new FakeCluster(workers);
        final JobResult result = cluster.run(MatrixFactorization.load(options));
        assertEquals("rmse", result.metric());
        assertEquals("", result.model());
        assertTrue(result.test() < 0.5 * 1.08 && result.test() > 0.48, result::toString);
        assertEquals(80, cluster.objective().length);
        assertTrue(cluster.objective()[79] < cluster.objective()[0] / 2);
    }

    @Test
    void comesCloseToThePlantedNoiseOnTheEngine() throws Exception {
        final Path out = folder.resolve("model");
        final MfOptions options =
                new MfOptions(planted(300, 200, 30_000), null, 0.1, 1, 4, 0.1f, 4, 0.25, 80, SSP, out);
        final JobResult result = new EngineCluster(2, 3).run(MatrixFactorization.load(options));
        assertTrue(result.test() < 0.5 * 1.08 && result.test() > 0.48, result::toString);
        assertTrue(Files.exists(out.resolve("model.json")));
    }

    @Test
    void testsWhileItTrains() throws Exception {
        for (final int workers : new int[] {1, 3}) {
            final FakeCluster cluster = new FakeCluster(workers);
            final JobResult result = cluster.run(MatrixFactorization.load(
                    new MfOptions(planted(300, 200, 30_000), null, 0.1, 1, 4, 0.1f, 4, 0.25, 12, Consistency.bsp(),
                            null,
                            Encoding.EXACT, 4)));
            final SortedMap<Integer, Double> tests = cluster.tests();
            assertEquals(Set.of(3, 7, 11), tests.keySet());
            assertTrue(tests.get(3) > tests.get(7), tests::toString);
            // One worker knows at the end of a clock what is there at its start; several do not know of each other's.
            assertEquals(result.test(), Math.sqrt(tests.get(11)), workers == 1 ? 1e-7 : 0.01);
        }
    }

    @Test
    void oneEpochByHand() throws Exception {
        final Path data = Files.writeString(folder.resolve("r"), "a x 5\nb x 1\n");
        final Path out = folder.resolve("model");
        new FakeCluster(1).run(MatrixFactorization.load(
                new MfOptions(data, null, 0, 1, 0, 0.1f, 4, 1, 1, Consistency.bsp(), out)));
        // Either rating may come first: e = 2 or -2 for it, then -2 or 2 less what the item's bias has become.
        final double[] errors = new double[2];
        double item = 0;
        double squares = 0;
        final float[][] users = SavedModel.rows(out.resolve("users.npy"), 1);
        final int first = Math.abs(Math.abs(users[0][0]) - 0.2) < 1e-6 ? 0 : 1;
        for (final int user : new int[] {first, 1 - first}) {
            errors[user] = (user == 0 ? 2 : -2) - item;
            // The pull of the penalty per rating: step * lambda / n, an eighth of it on biases.
            final double step = 0.1 / Math.sqrt(1 + squares / 64);
            item += step * errors[user] - step * 4 / 2 / 8 * item;
            squares += errors[user] * errors[user];
        }
        assertEquals(0.1 * errors[0], users[0][0], 1e-6);
        assertEquals(0.1 * errors[1], users[1][0], 1e-6);
        assertEquals(item, SavedModel.rows(out.resolve("items.npy"), 1)[0][0], 1e-6);
    }

    @Test
    void initialItemRowsDoNotDependOnTheNumberOfWorkers() throws Exception {
        final MfOptions options = new MfOptions(planted(50, 30, 500), null, 0.1, 1, 5, 0.1f, 4, 0.25, 1, SSP, null);
        final List<List<Float>> seen = new ArrayList<>();
        for (final int workers : new int[] {1, 3}) {
            new FakeCluster(workers).run(worker -> {
                final List<Float> factors = new ArrayList<>();
                try (Training training = new Training(options, MatrixFactorization.load(options).split(), worker)) {
                    training.initialize();
                    for (int item = 0; item < 30; item++) {
                        factors.add(worker.get(training.items(), item, 0).getFloat(item % 5));
                    }
                }
                synchronized (seen) {
                    seen.add(factors);
                }
            });
        }
        assertEquals(4, seen.size());
        assertFalse(seen.getFirst().contains(0f));
        assertEquals(List.of(seen.getFirst()), seen.stream().distinct().toList());
    }

    @Test
    void aPredictionOfUnknownsUsesWhatIsKnown() throws Exception {
        final Path data = planted(50, 30, 500);
        final Path out = folder.resolve("model");
        final float[] means = new float[3];
        for (final String[] test : new String[][] {{"0", "nobody nothing 2.5"}, {"1", "nobody 7 2.5"},
                {"2", "7 nothing 2.5"}}) {
            final Path file = Files.writeString(folder.resolve("test"), test[1]);
            final JobResult result = new FakeCluster(3).run(MatrixFactorization.load(
                    new MfOptions(data, file, 0.1, 1, 3, 0.1f, 4, 0.5, 10, SSP, out)));
            means[Integer.parseInt(test[0])] = (float) result.test();
        }
        final String json = Files.readString(out.resolve("model.json"));
        final double mean = number(json, "globalMean");
        final List<String> items = strings(json, "itemIds");
        final List<String> users = strings(json, "userIds");
        final float itemBias = SavedModel.rows(out.resolve("items.npy"), 4)[items.indexOf("7")][3];
        final float userBias = SavedModel.rows(out.resolve("users.npy"), 4)[users.indexOf("7")][3];
        assertEquals(Math.abs(2.5 - mean), means[0], 1e-6);
        assertEquals(Math.abs(2.5 - mean - itemBias), means[1], 1e-5);
        assertEquals(Math.abs(2.5 - mean - userBias), means[2], 1e-5);
    }

    @Test
    void theModelPredictsWhatTheResultSays() throws Exception {
        final Path data = Files.writeString(folder.resolve("r"), "a::x::5\nb::x::1\n\"c\"::x::2\nb::\u00fc::3\n");
        final Path out = folder.resolve("deep/model");
        final JobResult result = new FakeCluster(2).run(MatrixFactorization.load(
                new MfOptions(data, null, 0, 1, 2, 0.1f, 0.1f, 1, 20, SSP, out)));
        assertEquals(out.toString(), result.model());
        assertTrue(Double.isNaN(result.test()));
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(List.of("items.npy", "model.json", "users.npy"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
        final String json = Files.readString(out.resolve("model.json"));
        assertEquals(List.of("a", "b", "\"c\""), strings(json, "userIds"));
        assertEquals(List.of("x", "\u00fc"), strings(json, "itemIds"));
        final float[][] users = SavedModel.rows(out.resolve("users.npy"), 3);
        final float[][] items = SavedModel.rows(out.resolve("items.npy"), 3);
        double squares = 0;
        for (final int[] rating : new int[][] {{0, 0, 5}, {1, 0, 1}, {2, 0, 2}, {1, 1, 3}}) {
            final float[] user = users[rating[0]];
            final float[] item = items[rating[1]];
            final double predicted =
                    number(json, "globalMean") + user[2] + item[2] + user[0] * item[0] + user[1] * item[1];
            squares += (rating[2] - predicted) * (rating[2] - predicted);
        }
        assertEquals(result.train(), Math.sqrt(squares / 4), 1e-5);
        assertEquals(result.train(), number(json, "train"), 1e-9);
    }

    @Test
    void theModelSaysWhatWasHeldOut() throws Exception {
        final Path data = planted(20, 10, 100);
        final Path out = folder.resolve("model");
        for (final Path test : new Path[] {null, data}) {
            new FakeCluster(1).run(MatrixFactorization.load(
                    new MfOptions(data, test, 0.25, 1, 2, 0.1f, 0.1f, 1, 2, SSP, out)));
            assertEquals(test == null ? 0.25 : 0,
                    number(Files.readString(out.resolve("model.json")), "testFraction"));
        }
    }

    @Test
    void manyWorkersOnStaleRowsDoNotDiverge() throws Exception {
        final MfOptions options =
                new MfOptions(planted(300, 20, 4000), null, 0.1, 1, 8, 0.1f, 4, 0.25, 200, SSP, null);
        final JobResult result = new FakeCluster(8).run(MatrixFactorization.load(options));
        assertTrue(result.test() < 0.8, result::toString);
    }

    @Test
    void saysThatItDiverged() throws IOException {
        final MfOptions options = new MfOptions(planted(50, 30, 500), null, 0.1, 1, 5, 9, 0, 1, 50, SSP, null);
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> new FakeCluster(1).run(MatrixFactorization.load(options)));
        assertTrue(failure.getMessage().contains("diverged"), failure::getMessage);
    }

    @Test
    void theAuditFindsALostDelta() throws IOException {
        final MfOptions options = new MfOptions(planted(50, 30, 500), null, 0.1, 1, 5, 0.1f, 4, 0.5, 4, SSP, null);
        final MatrixFactorization learner = MatrixFactorization.load(options);
        final int ratings = 2 * learner.split().train().length;
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
                () -> new FakeCluster(1).run(worker -> learner.run(losingThirdAuditDelta(worker))));
        assertEquals("the audit of the ratings processed failed: the table says " + (ratings - ratings / 4)
                + ", it must be " + ratings, failure.getMessage());
    }

    @Test
    void refusesBadInputBeforeItStarts() throws IOException {
        final Path data = planted(50, 30, 500);
        final Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(InputException.class, () -> MatrixFactorization.load(defaults(file, 1)));
        assertThrows(InputException.class, () -> MatrixFactorization.load(
                new MfOptions(data, file, 0.1, 1, 5, 0.1f, 4, 0.5, 4, SSP, null)));
        assertThrows(InputException.class, () -> MatrixFactorization.load(
                new MfOptions(data, null, 0.1, 1, 5, 0.1f, 4, 0.5, 4, SSP, file.resolve("model"))));
        final Path one = Files.writeString(folder.resolve("one"), "1 2 3");
        assertThrows(InputException.class, () -> MatrixFactorization.load(
                new MfOptions(one, null, 0.999999, 1, 5, 0.1f, 4, 0.5, 4, SSP, null)));
    }

    @Test
    void refusesOptionsOutOfRange() {
        final Path data = folder.resolve("r");
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 1, 1, 5, 0.1f, 4, 0.5, 4, SSP, null));
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 0.1, 1, -1, 0.1f, 4, 0.5, 4, SSP, null));
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 0.1, 1, 5, Float.NaN, 4, 0.5, 4, SSP, null));
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 0.1, 1, 5, 0.1f, -1, 0.5, 4, SSP, null));
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 0.1, 1, 5, 0.1f, 4, 0, 4, SSP, null));
        assertThrows(IllegalArgumentException.class,
                () -> new MfOptions(data, null, 0.1, 1, 5, 0.1f, 4, 0.5, 0, SSP, null));
    }

    @Test
    void moreWorkersThanUsersIsFine() throws Exception {
        final Path data = Files.writeString(folder.resolve("r"), "a x 5\nb x 1\n");
        final JobResult result = new FakeCluster(5).run(MatrixFactorization.load(
                new MfOptions(data, null, 0, 1, 2, 0.1f, 4, 0.3, 7, Consistency.asp(), folder.resolve("model"))));
        assertTrue(Double.isFinite(result.train()));
    }

    static Stream<Consistency> models() {
        return Stream.of(Consistency.bsp(), Consistency.ssp(3), Consistency.essp(3), Consistency.dssp(1, 4),
                Consistency.asp(), Consistency.vap(0.1), Consistency.pbsp(1), Consistency.pssp(2, 1),
                Consistency.pssp(2, 1).with(Consistency.Sampling.PEERS));
    }

    /** In later clocks too, since a clock of less work than one pass meets new items. */
    @ParameterizedTest
    @MethodSource("models")
    void noItemIsTrainedFromZeros(final Consistency consistency) throws Exception {
        final Learner learner = MatrixFactorization.load(
                new MfOptions(planted(60, 200, 1_000), null, 0, 1, 2, 0.1f, 4, 0.1, 20, consistency, null));
        final Set<String> unsafe = ConcurrentHashMap.newKeySet();
        new FakeCluster(2).run(worker -> learner.run(watchingFirstReads(worker, unsafe)));
        assertEquals(Set.of(), unsafe);
    }

    /** Collects the reads of items under the table's model that neither it nor a read before them keeps from zeros. */
    private static Worker watchingFirstReads(final Worker worker, final Set<String> unsafe) {
        final Set<Long> initialized = new HashSet<>();
        return watched(worker, (method, arguments) -> {
            if (method.getName().equals("get") && ((Table) arguments[0]).spec().name().equals("items")) {
                final long row = (Long) arguments[1];
                final Consistency consistency = ((Table) arguments[0]).spec().consistency();
                final boolean isBounded = consistency.isClocked() && !consistency.isSampled();
                final long staleness = arguments.length == 3 ? (Integer) arguments[2]
                        : isBounded ? consistency.staleness() : worker.currentClock();
                if (worker.currentClock() - staleness >= 1) {
                    initialized.add(row);
                } else if (!initialized.contains(row)) {
                    unsafe.add("row " + row + " at clock " + worker.currentClock());
                }
            }
            return true;
        });
    }

    @ParameterizedTest
    @MethodSource("models")
    void trainsUnderEveryModelOnTheEngine(final Consistency consistency) throws Exception {
        final MfOptions options =
                new MfOptions(planted(100, 80, 5_000), null, 0.1, 1, 2, 0.1f, 4, 0.25, 40, consistency, null);
        final JobResult result = new EngineCluster(2, 3).run(MatrixFactorization.load(options));
        assertTrue(result.test() < 0.7 && result.test() > 0.45, result::toString);
    }

    /** LazyTable's knobs, Cui et al. 2014: BSP = {1, 0}, A-BSP = {w, 0}, SSP = {w, s}. */
    @ParameterizedTest
    @CsvSource({"1, 0, 6", "2, 0, 3", "0.25, 0, 24", "0.25, 3, 24", "0.5, 1, 12"})
    void workPerClockIsAKnobBesideStaleness(final double workPerClock, final int staleness, final int clocks)
            throws Exception {
        final MatrixFactorization learner = MatrixFactorization.load(new MfOptions(planted(60, 200, 1_000), null, 0, 1,
                2, 0.1f, 4, workPerClock, clocks, Consistency.ssp(staleness), null));
        final AtomicLong items = new AtomicLong();
        final AtomicLong largestMiss = new AtomicLong();
        final FakeCluster cluster = new FakeCluster(2);

        cluster.run(worker -> learner.run(watched(worker, (method, arguments) -> {
            if (method.getName().equals("report")) {
                items.addAndGet((Long) arguments[0]);
            }
            return true;
        }, row -> largestMiss.accumulateAndGet(worker.currentClock() - row.minimumClock(), Math::max))));

        assertEquals(clocks, cluster.objective().length);
        assertEquals(6_000, items.get());
        assertEquals(staleness, largestMiss.get());
    }

    private Path planted(final int users, final int items, final int ratings) throws IOException {
        final Path file = folder.resolve("planted.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(users, items, ratings, 2, 0.5, 1)).write(file);
        return file;
    }

    private static MfOptions defaults(final Path data, final int rank) {
        return new MfOptions(data, null, MfOptions.DEFAULT_TEST_FRACTION, 1, rank, MfOptions.DEFAULT_LEARNING_RATE,
                MfOptions.DEFAULT_REGULARIZATION, MfOptions.DEFAULT_WORK_PER_CLOCK, MfOptions.DEFAULT_CLOCKS, SSP,
                null);
    }

    private static Worker losingThirdAuditDelta(final Worker worker) {
        final int[] count = {0};
        return watched(worker, (method, arguments) -> !method.getName().equals("inc")
                || !((Table) arguments[0]).spec().name().equals("audit") || ++count[0] != 3);
    }

    /** A worker whose calls are shown first to somebody who may swallow them by answering false. */
    private static Worker watched(final Worker worker, final BiPredicate<Method, Object[]> watcher) {
        return watched(worker, watcher, row -> {});
    }

    /** The same, and a reader of what {@code get} answers. */
    private static Worker watched(final Worker worker, final BiPredicate<Method, Object[]> watcher,
            final Consumer<Row> reader) {
        return (Worker) Proxy.newProxyInstance(Worker.class.getClassLoader(), new Class<?>[] {Worker.class},
                (proxy, method, arguments) -> {
                    if (!watcher.test(method, arguments)) {
                        return null;
                    }
                    try {
                        final Object answer = method.invoke(worker, arguments);
                        if (answer instanceof Row row) {
                            reader.accept(row);
                        }
                        return answer;
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static double number(final String json, final String field) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (!field.equals(parser.nextFieldName())) {
                assertTrue(parser.currentToken() != null, "no " + field);
            }
            parser.nextToken();
            return parser.getDoubleValue();
        }
    }

    private static List<String> strings(final String json, final String field) throws IOException {
        final List<String> strings = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (!field.equals(parser.nextFieldName())) {
                assertTrue(parser.currentToken() != null, "no " + field);
            }
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                strings.add(parser.getText());
            }
        }
        return strings;
    }
}
