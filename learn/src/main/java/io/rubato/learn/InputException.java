package io.rubato.learn;

import java.nio.file.Path;

/**
 * Input that cannot be used: the message is one sentence naming the file, the line if there is one, and what was
 * expected.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_QUOTED_CHARS = 40;

    /**
     * About a whole file.
     *
     * @param file    as the user named it
     * @param problem what was expected, and what was found
     */
    public InputException(final Path file, final String problem) {
        this(file, problem, null);
    }

    /**
     * About a whole file.
     *
     * @param file    as the user named it
     * @param problem what was expected, and what was found
     * @param cause   or null
     */
    public InputException(final Path file, final String problem, final Throwable cause) {
        super(file + ": " + problem, cause);
    }

    /**
     * About one line.
     *
     * @param file    as the user named it
     * @param line    from 1
     * @param problem what was expected, and what was found
     */
    public InputException(final Path file, final long line, final String problem) {
        super(file + ", line " + line + ": " + problem);
    }

    /**
     * Foreign text made fit for a one-line message: quoted, shortened, control characters replaced.
     *
     * @param text found in a file
     * @return at most 45 characters
     */
    public static String quote(final String text) {
        final String shown = text.length() > MAX_QUOTED_CHARS ? text.substring(0, MAX_QUOTED_CHARS) + "..." : text;
        return "'" + shown.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?") + "'";
    }
}
