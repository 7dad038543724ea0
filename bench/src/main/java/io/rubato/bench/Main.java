package io.rubato.bench;

/**
 * {@code scripts/rubato bench}. Exit codes: 0 success, 1 failure while running or a missed budget, 2 wrong usage, 130
 * interrupted.
 */
public final class Main {
    private Main() {
    }

    /**
     * Parses the command line and measures; does not return.
     *
     * @param args see {@code scripts/rubato bench --help}
     */
    public static void main(final String[] args) {
        System.exit(BenchProgram.run(args));
    }
}
