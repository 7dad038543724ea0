package io.rubato.learn.mf;

/**
 * Gives each worker a range of users, so that the workers' shares of the training ratings differ by about one user's
 * at most.
 */
final class UserPartition {
    private UserPartition() {
    }

    /** The first user of a worker; that of {@code worker + 1} ends its range. */
    static int first(final int[] ratingsPerUser, final int worker, final int workers) {
        long total = 0;
        for (final int ratings : ratingsPerUser) {
            total += ratings;
        }
        if (worker == workers) {
            return ratingsPerUser.length;
        }
        // The boundary lies where the sum comes closest to the even share.
        final long share = total / workers * worker + total % workers * worker / workers;
        long sum = 0;
        int user = 0;
        while (user < ratingsPerUser.length && sum + ratingsPerUser[user] / 2 < share) {
            sum += ratingsPerUser[user];
            user++;
        }
        return user;
    }
}
