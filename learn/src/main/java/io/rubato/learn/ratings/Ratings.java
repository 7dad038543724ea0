package io.rubato.learn.ratings;

/**
 * Ratings as columns, in the order of the file. Users and items are numbered in the order of their first appearance.
 * Immutable by agreement: the arrays are shared, not copied.
 *
 * @param users   per rating, 0..userIds.length-1
 * @param items   per rating, 0..itemIds.length-1
 * @param values  per rating, finite
 * @param userIds the file's name of each user
 * @param itemIds the file's name of each item
 */
public record Ratings(int[] users, int[] items, float[] values, String[] userIds, String[] itemIds) {
    /**
     * How many ratings there are.
     *
     * @return at least 1 when read from a file
     */
    public int size() {
        return values.length;
    }
}
