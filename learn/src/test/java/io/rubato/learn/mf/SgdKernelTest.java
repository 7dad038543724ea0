package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.kernel.FloatLanes;
import io.rubato.learn.ratings.PlantedRatings;
import io.rubato.learn.ratings.RatingsReader;
import io.rubato.learn.ratings.Split;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains on all ratings of one item, of ten users who rated it several times. */
class SgdKernelTest {
    private static final float RATE = 0.5f;
    private static final float LAMBDA = 0.1f;
    private static final int USERS = 10;

    private Split split;
    private MfOptions options;

    @BeforeEach
    void read(@TempDir final Path folder) throws IOException {
        final Path data = folder.resolve("data");
        PlantedRatings.generate(new PlantedRatings.Shape(USERS, 7, 50, 2, 0.5, 1)).write(data);
        split = Split.random(RatingsReader.read(data), 0, 1);
        options = new MfOptions(data, null, 0, 1, 8, RATE, 3, 1, 1, Consistency.ssp(1), null);
    }

    @Test
    void bothKernelsDoTheSameAsDoubleArithmetic() {
        for (int rank = 0; rank <= 70; rank++) {
            check(new ScalarSgdKernel(rank), rank, LAMBDA);
            check(new VectorSgdKernel(rank), rank, LAMBDA);
        }
    }

    @Test
    void aRowLosesNoMoreThanAllOfItself() {
        for (final int rank : new int[] {0, 16, 32, 37}) {
            check(new ScalarSgdKernel(rank), rank, 5);
            check(new VectorSgdKernel(rank), rank, 5);
        }
    }

    @Test
    void compiledCodeGivesTheBitsOfInterpretedCode() {
        for (final int rank : new int[] {16, 32, 37}) {
            final SgdKernel kernel = new VectorSgdKernel(rank);
            final float[] first = new State(rank).train(kernel, 0, 5);
            for (int i = 0; i < 3_000; i++) {
                assertArrayEquals(first, new State(rank).train(kernel, 0, 5), "rank " + rank + ", round " + i);
            }
        }
    }

    @Test
    void aRunMayBeDivided() {
        for (final int rank : new int[] {0, 7, 16, 32, 48}) {
            final SgdKernel kernel = new VectorSgdKernel(rank);
            final State parts = new State(rank);
            parts.train(kernel, 0, 2);
            assertArrayEquals(new State(rank).train(kernel, 0, 5), parts.train(kernel, 2, 5), "rank " + rank);
        }
    }

    @Test
    void usesSimdWhereItIsOffered() {
        assertEquals(FloatLanes.areFused(), SgdKernel.best(3) instanceof VectorSgdKernel);
    }

    private void check(final SgdKernel kernel, final int rank, final float lambda) {
        final String what = kernel.getClass().getSimpleName() + " at rank " + rank;
        final State state = new State(rank, lambda);
        final double[][] users = new double[USERS][rank + 2];
        for (int u = 0; u < USERS; u++) {
            for (int k = 0; k < rank; k++) {
                users[u][k] = state.users.factors(u).getAtIndex(JAVA_FLOAT, k);
            }
        }
        final double[] item = new double[rank + 1];
        for (int k = 0; k <= rank; k++) {
            item[k] = state.item.getAtIndex(JAVA_FLOAT, k);
        }
        double itemSquares = 0;
        double total = 0;
        for (int i = 0; i < 5; i++) {
            final double[] user = users[state.ratings.users[i]];
            double error = state.ratings.targets[i] - user[rank] - item[rank];
            for (int k = 0; k < rank; k++) {
                error -= user[k] * item[k];
            }
            assertEquals(error, state.error(kernel, i), 1e-4, what);
            final double userStep = RATE / Math.sqrt(1 + user[rank + 1] / 64);
            final double itemStep = state.pace.rate[0] / Math.sqrt(1 + itemSquares / 64);
            final double userPull = Math.min(1, userStep * state.users.lambda(state.ratings.users[i]));
            final double itemPull = Math.min(1, itemStep * state.pace.lambda[0]);
            for (int k = 0; k <= rank; k++) {
                final double share = k == rank ? SgdKernel.BIAS_SHARE : 1;
                final double p = k == rank ? 1 : user[k];
                final double q = k == rank ? 1 : item[k];
                user[k] += userStep * error * q - share * userPull * user[k];
                item[k] += itemStep * error * p - share * itemPull * item[k];
            }
            user[rank + 1] += error * error;
            itemSquares += state.pace.growth[0] * error * error;
            total += error * error;
            assertEquals(error * error, kernel.train(state.ratings, i, i + 1, state.users, state.item.address(),
                    state.pace, 0), 1e-3, what);
        }
        for (int u = 0; u < USERS; u++) {
            for (int k = 0; k < rank; k++) {
                assertEquals(users[u][k], state.users.factors(u).getAtIndex(JAVA_FLOAT, k), 1e-4, what);
            }
            assertEquals(users[u][rank], state.users.bias(u), 1e-4, what);
            assertEquals(1 + users[u][rank + 1] / 64, state.users.damping(u), 1e-5, what);
        }
        for (int k = 0; k <= rank; k++) {
            assertEquals(item[k], state.item.getAtIndex(JAVA_FLOAT, k), 1e-4, what);
        }
        assertEquals(1 + itemSquares / 64, state.pace.damping[0], 1e-5, what);
        assertEquals(7, state.item.getAtIndex(JAVA_FLOAT, rank + 1), "nothing is written behind the row");
    }

    /** Rows with random factors. */
    private final class State {
        final UserRows users;
        final MemorySegment item;
        final WorkerRatings ratings = new WorkerRatings(split, 0, USERS, 3.5f, 1, 0, 8, new SplittableRandom(1));
        final ItemPace pace = new ItemPace(options, split, 0, USERS / 2);

        State(final int rank) {
            this(rank, LAMBDA);
        }

        State(final int rank, final float lambda) {
            final Random random = new Random(rank);
            users = new UserRows(USERS, rank, RATE, Arena.ofAuto());
            item = Arena.ofAuto().allocate(4L * rank + 8, 64);
            for (int u = 0; u < USERS; u++) {
                users.lambda(u, lambda);
                for (int k = 0; k < rank; k++) {
                    users.factors(u).setAtIndex(JAVA_FLOAT, k, 0.3f * (float) random.nextGaussian());
                }
            }
            for (int k = 0; k <= rank; k++) {
                item.setAtIndex(JAVA_FLOAT, k, 0.3f * (float) random.nextGaussian());
            }
            item.setAtIndex(JAVA_FLOAT, rank + 1, 7);
            pace.lambda[0] = lambda;
        }

        /** All that has changed, one behind the other. */
        float[] train(final SgdKernel kernel, final int from, final int end) {
            kernel.train(ratings, from, end, users, item.address(), pace, 0);
            final int rank = (int) (item.byteSize() / 4) - 2;
            final FloatBuffer all = FloatBuffer.allocate(rank + 3 + USERS * (rank + 2));
            all.put(item.toArray(JAVA_FLOAT)).put(pace.damping[0]);
            for (int u = 0; u < USERS; u++) {
                all.put(users.factors(u).toArray(JAVA_FLOAT), 0, rank).put(users.bias(u)).put(users.damping(u));
            }
            return all.array();
        }

        float error(final SgdKernel kernel, final int rating) {
            final int user = ratings.users[rating];
            return kernel.error(users.address(user), users.bias(user), item.address(), ratings.targets[rating]);
        }
    }
}
