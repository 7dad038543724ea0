package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.kernel.FloatLanes;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * As many factors at a time as a vector register holds, at most 16. What the item's row lacks for whole registers is
 * taken for zeros; a user's row has zeros there.
 */
final class VectorSgdKernel implements SgdKernel {
    private static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final long BYTES = 4L * LANES;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final int rank;
    /** Registers per row. */
    private final int registers;
    /** The item's factors while they are worked on: as in its row, and zeros to the end of the last register. */
    private final MemorySegment padded;
    private final long scratch;

    VectorSgdKernel(final int rank) {
        this.rank = rank;
        registers = Math.ceilDiv(rank, LANES);
        padded = Arena.ofAuto().allocate(BYTES * (registers + 1), BYTES);
        scratch = padded.address();
    }

    @Override
    public float error(final long user, final float userBias, final long item, final float target) {
        MemorySegment.copy(Memory.ALL, item, padded, 0, 4L * rank);
        return target - userBias - at(item, rank) - dot(user);
    }

    private float dot(final long user) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        final long end = BYTES * registers;
        long k = 0;
        for (; k + BYTES < end; k += 2 * BYTES) {
            even = at(user + k).fma(at(scratch + k), even);
            odd = at(user + k + BYTES).fma(at(scratch + k + BYTES), odd);
        }
        if (k < end) {
            even = at(user + k).fma(at(scratch + k), even);
        }
        return FloatLanes.sum(even.add(odd));
    }

    @Override
    public double train(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        MemorySegment.copy(Memory.ALL, item, padded, 0, 4L * rank);
        final double squares = switch (registers) {
            case 1 -> trainOne(ratings, from, end, users, item, pace, number);
            case 2 -> trainTwo(ratings, from, end, users, item, pace, number);
            default -> trainAny(ratings, from, end, users, item, pace, number);
        };
        MemorySegment.copy(padded, 0, Memory.ALL, item, 4L * rank);
        return squares;
    }

    /** The item's factors stay in a register: a rating does not wait for what the one before stored. */
    private double trainOne(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float squares = pace.squares[number];
        float bias = at(item, rank);
        double total = 0;
        FloatVector q = at(scratch);
        for (int i = from; i < end; i++) {
            final int u = ratings.users[i];
            final long user = users.address(u);
            final FloatVector p = at(user);
            final float userStep = SgdKernel.step(users.rate, users.squares(u));
            final float itemStep = SgdKernel.step(itemRate, squares);
            final float userPull = SgdKernel.pull(userStep, users.lambda(u));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final float error = ratings.targets[i] - users.bias(u) - bias - FloatLanes.sum(p.mul(q));
            final FloatVector userStepAll = FloatVector.broadcast(SPECIES, userStep * error);
            final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep * error);
            final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, 1 - userPull);
            final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, 1 - itemPull);
            p.fma(userKeepAll, q.mul(userStepAll)).intoMemorySegment(Memory.ALL, user, ORDER);
            q = q.fma(itemKeepAll, p.mul(itemStepAll));
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            users.update(u, Math.fma(users.bias(u), 1 - BIAS_SHARE * userPull, userStep * error),
                    Math.fma(error, error, users.squares(u)));
            squares = Math.fma(growth * error, error, squares);
            total += (double) error * error;
        }
        q.intoMemorySegment(Memory.ALL, scratch, ORDER);
        put(item, rank, bias);
        pace.squares[number] = squares;
        return total;
    }

    /** The same with two registers. */
    private double trainTwo(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float squares = pace.squares[number];
        float bias = at(item, rank);
        double total = 0;
        FloatVector q0 = at(scratch);
        FloatVector q1 = at(scratch + BYTES);
        for (int i = from; i < end; i++) {
            final int u = ratings.users[i];
            final long user = users.address(u);
            final FloatVector p0 = at(user);
            final FloatVector p1 = at(user + BYTES);
            final float userStep = SgdKernel.step(users.rate, users.squares(u));
            final float itemStep = SgdKernel.step(itemRate, squares);
            final float userPull = SgdKernel.pull(userStep, users.lambda(u));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final float error = ratings.targets[i] - users.bias(u) - bias - FloatLanes.sum(p1.fma(q1, p0.mul(q0)));
            final FloatVector userStepAll = FloatVector.broadcast(SPECIES, userStep * error);
            final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep * error);
            final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, 1 - userPull);
            final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, 1 - itemPull);
            p0.fma(userKeepAll, q0.mul(userStepAll)).intoMemorySegment(Memory.ALL, user, ORDER);
            p1.fma(userKeepAll, q1.mul(userStepAll)).intoMemorySegment(Memory.ALL, user + BYTES, ORDER);
            q0 = q0.fma(itemKeepAll, p0.mul(itemStepAll));
            q1 = q1.fma(itemKeepAll, p1.mul(itemStepAll));
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            users.update(u, Math.fma(users.bias(u), 1 - BIAS_SHARE * userPull, userStep * error),
                    Math.fma(error, error, users.squares(u)));
            squares = Math.fma(growth * error, error, squares);
            total += (double) error * error;
        }
        q0.intoMemorySegment(Memory.ALL, scratch, ORDER);
        q1.intoMemorySegment(Memory.ALL, scratch + BYTES, ORDER);
        put(item, rank, bias);
        pace.squares[number] = squares;
        return total;
    }

    private double trainAny(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float squares = pace.squares[number];
        float bias = at(item, rank);
        double total = 0;
        for (int i = from; i < end; i++) {
            final int u = ratings.users[i];
            final long user = users.address(u);
            final float userStep = SgdKernel.step(users.rate, users.squares(u));
            final float itemStep = SgdKernel.step(itemRate, squares);
            final float userPull = SgdKernel.pull(userStep, users.lambda(u));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final float error = ratings.targets[i] - users.bias(u) - bias - dot(user);
            final FloatVector userStepAll = FloatVector.broadcast(SPECIES, userStep * error);
            final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep * error);
            final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, 1 - userPull);
            final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, 1 - itemPull);
            for (long k = 0; k < BYTES * registers; k += BYTES) {
                final FloatVector p = at(user + k);
                final FloatVector q = at(scratch + k);
                p.fma(userKeepAll, q.mul(userStepAll)).intoMemorySegment(Memory.ALL, user + k, ORDER);
                q.fma(itemKeepAll, p.mul(itemStepAll)).intoMemorySegment(Memory.ALL, scratch + k, ORDER);
            }
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            users.update(u, Math.fma(users.bias(u), 1 - BIAS_SHARE * userPull, userStep * error),
                    Math.fma(error, error, users.squares(u)));
            squares = Math.fma(growth * error, error, squares);
            total += (double) error * error;
        }
        put(item, rank, bias);
        pace.squares[number] = squares;
        return total;
    }

    private static FloatVector at(final long address) {
        return FloatVector.fromMemorySegment(SPECIES, Memory.ALL, address, ORDER);
    }

    private static float at(final long row, final int column) {
        return Memory.ALL.get(JAVA_FLOAT, row + 4L * column);
    }

    private static void put(final long row, final int column, final float value) {
        Memory.ALL.set(JAVA_FLOAT, row + 4L * column, value);
    }
}
