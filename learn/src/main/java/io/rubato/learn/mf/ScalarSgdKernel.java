package io.rubato.learn.mf;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rubato.kernel.Memory;

/** One factor at a time, with nothing that needs an instruction of its own: without it that would be far slower. */
final class ScalarSgdKernel implements SgdKernel {
    private final int rank;

    ScalarSgdKernel(final int rank) {
        this.rank = rank;
    }

    @Override
    public float error(final long user, final float userBias, final long item, final float target) {
        float dot = 0;
        for (int k = 0; k < rank; k++) {
            dot += at(user, k) * at(item, k);
        }
        return target - userBias - at(item, rank) - dot;
    }

    @Override
    public double train(final WorkerRatings ratings, final int from, final int end, final UserRows users,
            final long item, final ItemPace pace, final int number) {
        float damping = pace.damping[number];
        double total = 0;
        for (int i = from; i < end; i++) {
            final int u = ratings.users[i];
            final long user = users.address(u);
            final float error = error(user, users.bias(u), item, ratings.targets[i]);
            final float userStep = SgdKernel.step(users.rate, users.damping(u));
            final float itemStep = SgdKernel.step(pace.rate[number], damping);
            final float userPull = SgdKernel.pull(userStep, users.lambda(u));
            final float itemPull = SgdKernel.pull(itemStep, pace.lambda[number]);
            for (int k = 0; k < rank; k++) {
                final float p = at(user, k);
                final float q = at(item, k);
                put(user, k, p * (1 - userPull) + q * (userStep * error));
                put(item, k, q * (1 - itemPull) + p * (itemStep * error));
            }
            put(item, rank, at(item, rank) * (1 - BIAS_SHARE * itemPull) + itemStep * error);
            UserRows.updateAt(users.scalars + UserRows.SCALARS * u,
                    users.bias(u) * (1 - BIAS_SHARE * userPull) + userStep * error,
                    damping(users.damping(u), error, 1));
            damping = damping(damping, error, pace.growth[number]);
            total += (double) error * error;
        }
        pace.damping[number] = damping;
        return total;
    }

    /** D of a row after an error that counts so much. */
    private static float damping(final float before, final float error, final float growth) {
        return before + growth * (1 / PATIENCE) * error * error;
    }

    private static float at(final long row, final int column) {
        return Memory.ALL.get(JAVA_FLOAT, row + 4L * column);
    }

    private static void put(final long row, final int column, final float value) {
        Memory.ALL.set(JAVA_FLOAT, row + 4L * column, value);
    }
}
