package io.rubato.learn.mf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.JobResult;
import io.rubato.learn.Hash;
import io.rubato.learn.ratings.PlantedRatings;
import io.rubato.learn.ratings.Split;
import io.rubato.learn.testing.Cluster;
import io.rubato.learn.testing.EngineCluster;
import io.rubato.learn.testing.FakeCluster;
import io.rubato.learn.testing.SavedModel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One worker under BSP equals, bit for bit, a loop over plain memory. */
class SerialEqualityTest {
    private static final int RANK = 19;

    /** Makes clusters of one worker. */
    static Stream<Arguments> clusters() {
        return Stream.of(Arguments.of("fake", (Supplier<Cluster>) () -> new FakeCluster(1)),
                Arguments.of("one shard", (Supplier<Cluster>) () -> new EngineCluster(1, 1)),
                Arguments.of("three shards", (Supplier<Cluster>) () -> new EngineCluster(3, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clusters")
    void oneWorkerUnderBspIsTheSerialLoop(final String name, final Supplier<Cluster> cluster,
            @TempDir final Path folder)
            throws Exception {
        final Path data = folder.resolve("data.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(60, 40, 1000, 3, 0.5, 1)).write(data);
        final MfOptions options = new MfOptions(data, null, 0.1, 5, RANK, 0.03f, 2, 0.3, 12, Consistency.bsp(),
                folder.resolve("model"));
        final MatrixFactorization learner = MatrixFactorization.load(options);
        final JobResult result = cluster.get().run(learner);
        final Serial serial = new Serial(options, learner.split());
        serial.run();
        assertArrayEquals(serial.users, SavedModel.rows(folder.resolve("model/users.npy"), RANK + 1));
        assertArrayEquals(serial.items(), SavedModel.rows(folder.resolve("model/items.npy"), RANK + 1));
        assertEquals(serial.testError(), result.test());
    }

    /**
     * What the learner does, without workers, tables and clocks: a row's delta of a clock is what it was changed by in
     * all, and is added to the model at the clock's end.
     */
    private static final class Serial {
        final MemorySegment model;
        final float[][] users;
        private final UserRows userRows;
        private final MfOptions options;
        private final Split split;
        private final MemorySegment view;
        private final SgdKernel kernel;
        private final float mean;

        Serial(final MfOptions options, final Split split) {
            this.options = options;
            this.split = split;
            final int[] trainPerUser = split.trainPerUser();
            users = new float[trainPerUser.length][RANK + 1];
            userRows = new UserRows(users.length, RANK, options.learningRate(), Arena.ofAuto());
            model = memory(split.all().itemIds().length);
            view = memory(split.all().itemIds().length);
            kernel = SgdKernel.best(RANK);
            mean = (float) split.trainMean();
            for (int user = 0; user < users.length; user++) {
                userRows.lambda(user, ItemPace.lambda(options, trainPerUser[user]));
                initialize(userRows.factors(user), 0, 2, user, trainPerUser[user]);
            }
            for (int item = 0; item < split.all().itemIds().length; item++) {
                initialize(model, offset(item), 1, item, split.trainPerItem()[item]);
            }
        }

        void run() {
            final ItemPace pace = new ItemPace(options, split, 0, users.length);
            final WorkerRatings ratings = new WorkerRatings(split, 0, users.length, mean, options.workPerClock(), 0,
                    RANK, new SplittableRandom(Hash.of(Hash.of(options.seed(), 3), 0)));
            long done = 0;
            for (int clock = 1; clock <= options.clocks(); clock++) {
                view.copyFrom(model);
                for (; done < (long) Math.floor(clock * options.workPerClock() * ratings.size()); done++) {
                    final int i = (int) (done % ratings.size());
                    kernel.train(ratings, i, i + 1, userRows, view.address() + offset(ratings.items[i]), pace,
                            ratings.items[i]);
                }
                for (long at = 0; at < model.byteSize(); at += 4) {
                    final float old = model.get(ValueLayout.JAVA_FLOAT, at);
                    model.set(ValueLayout.JAVA_FLOAT, at, old + (view.get(ValueLayout.JAVA_FLOAT, at) - old));
                }
            }
            final MemorySegment row = memory(1);
            for (int user = 0; user < users.length; user++) {
                userRows.copy(user, row);
                MemorySegment.copy(row, ValueLayout.JAVA_FLOAT, 0, users[user], 0, RANK + 1);
            }
        }

        double testError() {
            double squares = 0;
            // As the learner adds them up: item by item.
            for (final int i : IntStream.range(0, split.testSize()).boxed()
                    .sorted(Comparator.comparingInt(test -> split.testItems()[test])).toList()) {
                final int user = split.testUsers()[i];
                final double error = kernel.error(userRows.address(user), userRows.bias(user),
                        model.address() + offset(split.testItems()[i]), split.testValues()[i] - mean);
                squares += error * error;
            }
            return Math.sqrt(squares / split.testSize());
        }

        float[][] items() {
            final float[][] rows = new float[(int) (model.byteSize() / offset(1))][RANK + 1];
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(model, ValueLayout.JAVA_FLOAT, offset(i), rows[i], 0, RANK + 1);
            }
            return rows;
        }

        private void initialize(final MemorySegment memory, final long offset, final int stream, final int number,
                final int ratings) {
            final long seed = Hash.of(Hash.of(options.seed(), stream), number);
            for (int k = 0; k < RANK && ratings > 0; k++) {
                final double value = (2 * Hash.unit(seed, k) - 1) * (0.3 * Math.sqrt(3.0 / RANK));
                memory.set(ValueLayout.JAVA_FLOAT, offset + 4L * k, (float) value);
            }
        }

        private static MemorySegment memory(final int rows) {
            return Arena.ofAuto().allocate(offset(rows), 64);
        }

        private static long offset(final int row) {
            return 4L * (RANK + 1) * row;
        }
    }
}
