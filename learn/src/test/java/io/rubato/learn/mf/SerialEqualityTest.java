package io.rubato.learn.mf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.JobResult;
import io.rubato.learn.Hash;
import io.rubato.learn.ratings.PlantedRatings;
import io.rubato.learn.ratings.Split;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Supplier;
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
        assertArrayEquals(serial.rows(serial.users), SavedModel.rows(folder.resolve("model/users.npy"), RANK + 1));
        assertArrayEquals(serial.rows(serial.model), SavedModel.rows(folder.resolve("model/items.npy"), RANK + 1));
        assertEquals(serial.testError(), result.test());
    }

    /**
     * What the learner does, without workers, tables and clocks: deltas coalesce per row and clock, and are added to
     * the model at its end.
     */
    private static final class Serial {
        final MemorySegment users;
        final MemorySegment model;
        private final MfOptions options;
        private final Split split;
        private final MemorySegment view;
        private final MemorySegment deltas;
        private final MemorySegment step;
        private final SgdKernel kernel;
        private final float mean;

        Serial(final MfOptions options, final Split split) {
            this.options = options;
            this.split = split;
            users = memory(split.all().userIds().length);
            model = memory(split.all().itemIds().length);
            view = memory(split.all().itemIds().length);
            deltas = memory(split.all().itemIds().length);
            step = memory(1);
            kernel = SgdKernel.best(RANK, options.learningRate());
            mean = (float) split.trainMean();
            initialize(users, 2, split.trainPerUser());
            initialize(model, 1, split.trainPerItem());
        }

        void run() {
            final StepSizes sizes = new StepSizes(options, split, 0, split.all().userIds().length);
            final WorkerRatings ratings = new WorkerRatings(split, 0, split.all().userIds().length, mean,
                    options.workPerClock(), 0,
                    new SplittableRandom(Hash.of(Hash.of(options.seed(), 3), 0)));
            long done = 0;
            for (int clock = 1; clock <= options.clocks(); clock++) {
                view.copyFrom(model);
                deltas.fill((byte) 0);
                for (; done < (long) Math.floor(clock * options.workPerClock() * ratings.size()); done++) {
                    final int i = (int) (done % ratings.size());
                    final int user = ratings.users[i];
                    final int item = ratings.items[i];
                    kernel.step(users, offset(user), view, offset(item), step, ratings.targets[i],
                            sizes.userShrink[user],
                            sizes.itemRate[item], sizes.itemShrink[item]);
                    add(view, offset(item), step, 0);
                    add(deltas, offset(item), step, 0);
                }
                for (int item = 0; item < split.all().itemIds().length; item++) {
                    add(model, offset(item), deltas, offset(item));
                }
            }
        }

        double testError() {
            double squares = 0;
            for (int i = 0; i < split.testSize(); i++) {
                final double error = kernel.error(users, offset(split.testUsers()[i]), model,
                        offset(split.testItems()[i]), split.testValues()[i] - mean);
                squares += error * error;
            }
            return Math.sqrt(squares / split.testSize());
        }

        float[][] rows(final MemorySegment memory) {
            final float[][] rows = new float[(int) (memory.byteSize() / offset(1))][RANK + 1];
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, offset(i), rows[i], 0, RANK + 1);
            }
            return rows;
        }

        private void initialize(final MemorySegment rows, final int stream, final int[] ratings) {
            for (int i = 0; i < ratings.length; i++) {
                final long seed = Hash.of(Hash.of(options.seed(), stream), i);
                for (int k = 0; k < RANK && ratings[i] > 0; k++) {
                    final double value = (2 * Hash.unit(seed, k) - 1) * (0.3 * Math.sqrt(3.0 / RANK));
                    rows.set(ValueLayout.JAVA_FLOAT, offset(i) + 4L * k, (float) value);
                }
            }
        }

        private static void add(final MemorySegment target, final long to, final MemorySegment source,
                final long from) {
            for (long at = 0; at <= 4L * RANK; at += 4) {
                target.set(ValueLayout.JAVA_FLOAT, to + at,
                        target.get(ValueLayout.JAVA_FLOAT, to + at) + source.get(ValueLayout.JAVA_FLOAT, from + at));
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
