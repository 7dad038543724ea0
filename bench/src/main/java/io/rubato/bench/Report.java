package io.rubato.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Where a measurement's text and figures go. */
final class Report {
    private static final String STDOUT = "-";

    private final PrintStream text;
    private final String target;
    private final Map<String, Object> figures = new LinkedHashMap<>();

    private Report(final PrintStream text, final String target) {
        this.text = text;
        this.target = target;
    }

    /**
     * Checks that the figures can be written.
     *
     * @param json a file, {@value #STDOUT} for standard output, or null for nowhere
     * @throws IllegalArgumentException if they cannot
     */
    static Report to(final String json) {
        if (json != null && !json.equals(STDOUT)) {
            final Path file = Path.of(json).toAbsolutePath();
            if (Files.isDirectory(file)) {
                throw new IllegalArgumentException("--json " + json + " is a directory, expected a file");
            }
            if (!Files.isDirectory(file.getParent()) || !Files.isWritable(file.getParent())) {
                throw new IllegalArgumentException("--json " + json + ": cannot write to its directory");
            }
        }
        return new Report(STDOUT.equals(json) ? System.err : System.out, json);
    }

    /** Prints a line. */
    void say(final String format, final Object... values) {
        text.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }

    void say(final TextTable table) {
        table.lines().forEach(text::println);
    }

    /** Adds figures: numbers, texts, booleans, null, and lists and maps of them. */
    void put(final String key, final Object value) {
        figures.put(key, value);
    }

    Map<String, Object> figures() {
        return figures;
    }

    /** Readers of a file see the old content or all of the new one. */
    void write() throws IOException {
        if (target == null) {
            return;
        }
        final String json = JsonText.format(figures);
        if (target.equals(STDOUT)) {
            System.out.print(json);
            System.out.flush();
            return;
        }
        final Path file = Path.of(target).toAbsolutePath();
        final Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(unfinished, json);
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
