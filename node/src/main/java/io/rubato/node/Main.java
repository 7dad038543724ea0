package io.rubato.node;

/** The program. Exit codes: 0 success, 1 failure while running, 2 wrong usage or bad input, 130 interrupted. */
public final class Main {
    private Main() {
    }

    /**
     * Parses the command line and runs it; does not return.
     *
     * @param args see {@code rubato --help}
     */
    public static void main(final String[] args) {
        System.exit(Program.run(args));
    }
}
