package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.rubato.kernel.FloatLanes;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * For CPUs that {@linkplain FloatLanes#areFused fuse} multiplication and addition. As many factors at a time as a
 * vector register holds, at most 16. What the item's row lacks for whole registers is taken for zeros; a user's row has
 * zeros there.
 */
final class VectorSgdKernel implements SgdKernel {
    private static final VectorSpecies<Float> SPECIES = FloatLanes.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final int BYTES = 4 * LANES;
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
        return target - userBias - at(item, rank) - dot(user, scratch, BYTES * registers);
    }

    /** Of so many bytes. */
    private static float dot(final long a, final long b, final int bytes) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = even;
        int k = 0;
        for (; k < bytes - BYTES; k += 2 * BYTES) {
            even = at(a + k).fma(at(b + k), even);
            odd = at(a + k + BYTES).fma(at(b + k + BYTES), odd);
        }
        if (k < bytes) {
            even = at(a + k).fma(at(b + k), even);
        }
        return FloatLanes.sum(even.add(odd));
    }

    @Override
    public double train(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        MemorySegment.copy(Memory.ALL, item, padded, 0, 4L * rank);
        final double squaredError = switch (registers) {
            case 1 -> trainOne(ratings, from, end, users, item, pace, number);
            case 2 -> trainTwo(ratings, from, end, users, item, pace, number);
            default -> trainAny(ratings, from, end, users, item, pace, number);
        };
        MemorySegment.copy(padded, 0, Memory.ALL, item, 4L * rank);
        return squaredError;
    }

    /**
     * The item's factors stay in a register: a rating does not wait for what the one before stored. From one error to
     * the next all has to wait; so what can be multiplied before the error is known is.
     */
    private double trainOne(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float damping = pace.damping[number];
        float bias = at(item, rank);
        final int[] userNumbers = ratings.users;
        final float[] targets = ratings.targets;
        final long rows = users.rows;
        final long stride = users.stride;
        final long scalars = users.scalars;
        final float userRate = users.rate;
        double total = 0;
        FloatVector q = at(scratch);
        for (int i = from; i < end; i++) {
            final long user = rows + stride * userNumbers[i];
            final long own = scalars + UserRows.SCALARS * userNumbers[i];
            final FloatVector p = at(user);
            final float userBias = UserRows.biasAt(own);
            final float userDamping = UserRows.dampingAt(own);
            final float userStep = SgdKernel.step(userRate, userDamping);
            final float itemStep = SgdKernel.step(itemRate, damping);
            final float userPull = SgdKernel.pull(userStep, UserRows.lambdaAt(own));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final FloatVector userStepAll = FloatVector.broadcast(SPECIES, userStep);
            final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep);
            final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, 1 - userPull);
            final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, 1 - itemPull);
            final float error = targets[i] - userBias - bias - FloatLanes.sum(p.mul(q));
            final FloatVector errorAll = FloatVector.broadcast(SPECIES, error);
            q.mul(userStepAll).fma(errorAll, p.mul(userKeepAll)).intoMemorySegment(Memory.ALL, user, ORDER);
            q = p.mul(itemStepAll).fma(errorAll, q.mul(itemKeepAll));
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            UserRows.updateAt(own, Math.fma(userBias, 1 - BIAS_SHARE * userPull, userStep * error),
                    damping(userDamping, error, 1));
            damping = damping(damping, error, growth);
            total += (double) error * error;
        }
        q.intoMemorySegment(Memory.ALL, scratch, ORDER);
        put(item, rank, bias);
        pace.damping[number] = damping;
        return total;
    }

    /** The same with two registers. */
    private double trainTwo(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float damping = pace.damping[number];
        float bias = at(item, rank);
        final int[] userNumbers = ratings.users;
        final float[] targets = ratings.targets;
        final long rows = users.rows;
        final long stride = users.stride;
        final long scalars = users.scalars;
        final float userRate = users.rate;
        double total = 0;
        FloatVector q0 = at(scratch);
        FloatVector q1 = at(scratch + BYTES);
        for (int i = from; i < end; i++) {
            final long user = rows + stride * userNumbers[i];
            final long own = scalars + UserRows.SCALARS * userNumbers[i];
            final FloatVector p0 = at(user);
            final FloatVector p1 = at(user + BYTES);
            final float userBias = UserRows.biasAt(own);
            final float userDamping = UserRows.dampingAt(own);
            final float userStep = SgdKernel.step(userRate, userDamping);
            final float itemStep = SgdKernel.step(itemRate, damping);
            final float userPull = SgdKernel.pull(userStep, UserRows.lambdaAt(own));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final FloatVector userStepAll = FloatVector.broadcast(SPECIES, userStep);
            final FloatVector itemStepAll = FloatVector.broadcast(SPECIES, itemStep);
            final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, 1 - userPull);
            final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, 1 - itemPull);
            final float error = targets[i] - userBias - bias - FloatLanes.sum(p1.fma(q1, p0.mul(q0)));
            final FloatVector errorAll = FloatVector.broadcast(SPECIES, error);
            q0.mul(userStepAll).fma(errorAll, p0.mul(userKeepAll)).intoMemorySegment(Memory.ALL, user, ORDER);
            q1.mul(userStepAll).fma(errorAll, p1.mul(userKeepAll)).intoMemorySegment(Memory.ALL, user + BYTES, ORDER);
            q0 = p0.mul(itemStepAll).fma(errorAll, q0.mul(itemKeepAll));
            q1 = p1.mul(itemStepAll).fma(errorAll, q1.mul(itemKeepAll));
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            UserRows.updateAt(own, Math.fma(userBias, 1 - BIAS_SHARE * userPull, userStep * error),
                    damping(userDamping, error, 1));
            damping = damping(damping, error, growth);
            total += (double) error * error;
        }
        q0.intoMemorySegment(Memory.ALL, scratch, ORDER);
        q1.intoMemorySegment(Memory.ALL, scratch + BYTES, ORDER);
        put(item, rank, bias);
        pace.damping[number] = damping;
        return total;
    }

    private double trainAny(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        final float itemRate = pace.rate[number];
        final float itemLambda = pace.lambda[number];
        final float growth = pace.growth[number];
        float damping = pace.damping[number];
        float bias = at(item, rank);
        final int[] userNumbers = ratings.users;
        final float[] targets = ratings.targets;
        final long rows = users.rows;
        final long stride = users.stride;
        final long scalars = users.scalars;
        final float userRate = users.rate;
        final long factors = scratch;
        final int bytes = BYTES * registers;
        double total = 0;
        for (int i = from; i < end; i++) {
            final long user = rows + stride * userNumbers[i];
            final long own = scalars + UserRows.SCALARS * userNumbers[i];
            final float userBias = UserRows.biasAt(own);
            final float userDamping = UserRows.dampingAt(own);
            final float userStep = SgdKernel.step(userRate, userDamping);
            final float itemStep = SgdKernel.step(itemRate, damping);
            final float userPull = SgdKernel.pull(userStep, UserRows.lambdaAt(own));
            final float itemPull = SgdKernel.pull(itemStep, itemLambda);
            final float error = targets[i] - userBias - bias - dot(user, factors, bytes);
            update(user, factors, bytes, 1 - userPull, userStep * error, 1 - itemPull, itemStep * error);
            bias = Math.fma(bias, 1 - BIAS_SHARE * itemPull, itemStep * error);
            UserRows.updateAt(own, Math.fma(userBias, 1 - BIAS_SHARE * userPull, userStep * error),
                    damping(userDamping, error, 1));
            damping = damping(damping, error, growth);
            total += (double) error * error;
        }
        put(item, rank, bias);
        pace.damping[number] = damping;
        return total;
    }

    /** Scales each of two rows, of so many bytes, by what it keeps, and adds a step times what the other was before. */
    private static void update(final long user, final long factors, final int bytes, final float userKeep,
            final float userMove, final float itemKeep, final float itemMove) {
        final FloatVector userMoveAll = FloatVector.broadcast(SPECIES, userMove);
        final FloatVector itemMoveAll = FloatVector.broadcast(SPECIES, itemMove);
        final FloatVector userKeepAll = FloatVector.broadcast(SPECIES, userKeep);
        final FloatVector itemKeepAll = FloatVector.broadcast(SPECIES, itemKeep);
        for (int k = 0; k < bytes; k += BYTES) {
            final FloatVector p = at(user + k);
            final FloatVector q = at(factors + k);
            p.fma(userKeepAll, q.mul(userMoveAll)).intoMemorySegment(Memory.ALL, user + k, ORDER);
            q.fma(itemKeepAll, p.mul(itemMoveAll)).intoMemorySegment(Memory.ALL, factors + k, ORDER);
        }
    }

    /** D of a row after an error that counts so much. */
    private static float damping(final float before, final float error, final float growth) {
        return Math.fma(growth * (1 / PATIENCE) * error, error, before);
    }

    private static FloatVector at(final long address) {
        return FloatVector.fromMemorySegment(SPECIES, Memory.ALL, address, ORDER);
    }

    private static float at(final long row, final int column) {
        return Memory.ALL.get(JAVA_FLOAT_UNALIGNED, row + 4L * column);
    }

    private static void put(final long row, final int column, final float value) {
        Memory.ALL.set(JAVA_FLOAT_UNALIGNED, row + 4L * column, value);
    }
}
