package io.rubato.node;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The keys of a job and their values; each is taken once, so that what is left at the end is unknown. */
final class JobKeys {
    private final SortedMap<String, String> left;
    private final Map<String, String> defaults;

    /**
     * Those of a job.
     *
     * @param given    keys and values
     * @param defaults what a key has that is missing
     */
    JobKeys(final Map<String, String> given, final Map<String, String> defaults) {
        this.left = new TreeMap<>(given);
        this.defaults = defaults;
    }

    SortedMap<String, String> left() {
        return left;
    }

    String text(final String key) {
        final String value = left.remove(key);
        final String result = value == null ? defaults.get(key) : value;
        if (result == null) {
            throw new UsageException("a job needs the key '" + key + "'");
        }
        return result;
    }

    String text(final String key, final String fallback) {
        final String value = left.remove(key);
        return value == null ? fallback : value;
    }

    int integer(final String key) {
        return integer(key, text(key));
    }

    static int integer(final String key, final String value) {
        final long number = whole(key, value);
        if (number != (int) number) {
            throw new UsageException(key + " is out of range: " + value);
        }
        return (int) number;
    }

    long whole(final String key) {
        return whole(key, text(key));
    }

    private static long whole(final String key, final String value) {
        try {
            return Long.parseLong(value);
        } catch (final NumberFormatException e) {
            throw new UsageException(key + " must be a whole number, got '" + value + "'");
        }
    }

    double number(final String key) {
        return number(key, text(key));
    }

    static double number(final String key, final String value) {
        try {
            return Double.parseDouble(value);
        } catch (final NumberFormatException e) {
            throw new UsageException(key + " must be a number, got '" + value + "'");
        }
    }
}
