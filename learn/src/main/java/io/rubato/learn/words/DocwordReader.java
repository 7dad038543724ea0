package io.rubato.learn.words;

import io.rubato.learn.InputException;
import io.rubato.learn.TextLines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads bags of words in the format of the UCI repository: three lines with the number of documents D, of words W and
 * of entries NNZ, then NNZ lines {@code document word count}, ordered by document, numbers from 1; plain or gzipped.
 * Blank lines are skipped. Documents without tokens are left out.
 *
 * <p>What the header says is checked, and never trusted with memory: arrays grow with what the file holds.
 */
public final class DocwordReader {
    /** Most tokens, and most entries, that are accepted. */
    public static final int MAX_TOKENS = Integer.MAX_VALUE - 8;
    /** Most words of a vocabulary: a table has a row for each. */
    public static final int MAX_WORDS = 1 << 26;

    private static final String[] HEADER = {"the number of documents D", "the number of words W",
            "the number of entries NNZ"};
    private static final String[] ENTRY = {"document", "word", "count"};
    private static final int DOCUMENTS = 0;
    private static final int WORDS = 1;
    private static final int ENTRIES = 2;
    private static final int MAX_DIGITS = 18;

    private final Path file;
    private final long[] header = new long[HEADER.length];
    private final long[] fields = new long[ENTRY.length];
    private int headerLines;
    private int[] starts = new int[1 << 10];
    private int[] words = new int[1 << 12];
    private int[] counts = new int[1 << 12];
    /** Per word, the document that had it last, from 1. */
    private int[] lastDocument = new int[1 << 10];
    private int documents;
    private int entries;
    private long document;
    private long tokens;
    private long line;

    private DocwordReader(final Path file) {
        this.file = file;
    }

    /**
     * Reads a whole file.
     *
     * @param file plain or gzipped
     * @return at least one token
     * @throws InputException naming file, line and what was expected
     */
    public static Corpus read(final Path file) {
        final DocwordReader reader = new DocwordReader(file);
        TextLines.read(file, "a docword file", reader::onLine);
        return reader.corpus();
    }

    private void onLine(final long number, final byte[] bytes, final int from, final int to) {
        if (TextLines.isBlank(bytes, from, to)) {
            return;
        }
        line = number;
        if (headerLines < HEADER.length) {
            onHeader(bytes, from, to);
        } else {
            onEntry(bytes, from, to);
        }
    }

    private void onHeader(final byte[] bytes, final int from, final int to) {
        final String what = HEADER[headerLines];
        final long max = switch (headerLines) {
            case WORDS -> MAX_WORDS;
            case ENTRIES -> MAX_TOKENS;
            default -> Integer.MAX_VALUE;
        };
        if (parse(bytes, from, to, 1) != 1) {
            throw expected(what + ", one whole number", bytes, from, to);
        }
        if (fields[0] < 1 || fields[0] > max) {
            throw expected(what + " to be 1 to " + max, bytes, from, to);
        }
        header[headerLines++] = fields[0];
    }

    private void onEntry(final byte[] bytes, final int from, final int to) {
        if (parse(bytes, from, to, ENTRY.length) != ENTRY.length) {
            throw expected("three whole numbers: document word count", bytes, from, to);
        }
        inRange(0, header[DOCUMENTS], " as D says");
        inRange(1, header[WORDS], " as W says");
        inRange(2, MAX_TOKENS, "");
        if (entries == header[ENTRIES]) {
            throw new InputException(file, line,
                    "expected the end after " + header[ENTRIES] + " entries as NNZ says, found another");
        }
        if (fields[0] < document) {
            throw new InputException(file, line, "expected entries ordered by document, found document " + fields[0]
                    + " after " + document);
        }
        tokens += fields[2];
        if (tokens > MAX_TOKENS) {
            throw new InputException(file, line, "expected at most " + MAX_TOKENS + " tokens in all");
        }
        add((int) fields[0], (int) fields[1] - 1, (int) fields[2]);
    }

    private void inRange(final int field, final long max, final String why) {
        if (fields[field] < 1 || fields[field] > max) {
            throw new InputException(file, line,
                    "expected a " + ENTRY[field] + " from 1 to " + max + why + ", got " + fields[field]);
        }
    }

    private void add(final int number, final int word, final int count) {
        if (number > document) {
            document = number;
            starts = withRoom(starts, documents + 1);
            starts[documents++] = entries;
        }
        lastDocument = withRoom(lastDocument, word);
        if (lastDocument[word] == number) {
            throw new InputException(file, line, "expected each word once in a document, found word " + (word + 1)
                    + " of document " + number + " again");
        }
        lastDocument[word] = number;
        words = withRoom(words, entries);
        counts = withRoom(counts, entries);
        words[entries] = word;
        counts[entries] = count;
        entries++;
    }

    private static int[] withRoom(final int[] array, final int index) {
        return index < array.length ? array
                : Arrays.copyOf(array, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(index + 1L, 2L * array.length)));
    }

    /** Reads up to {@code most} numbers; returns how many there are, or -1 if there is something else or more. */
    private int parse(final byte[] bytes, final int from, final int to, final int most) {
        int found = 0;
        int at = from;
        while (at < to) {
            if (bytes[at] == ' ' || bytes[at] == '\t') {
                at++;
                continue;
            }
            final int start = at;
            long value = 0;
            while (at < to && bytes[at] >= '0' && bytes[at] <= '9' && at - start < MAX_DIGITS) {
                value = 10 * value + bytes[at] - '0';
                at++;
            }
            if (at == start || found == most || at < to && bytes[at] != ' ' && bytes[at] != '\t') {
                return -1;
            }
            fields[found++] = value;
        }
        return found;
    }

    private InputException expected(final String what, final byte[] bytes, final int from, final int to) {
        return new InputException(file, line, "expected " + what + ", got "
                + InputException.quote(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));
    }

    private Corpus corpus() {
        if (headerLines < HEADER.length) {
            throw new InputException(file, "expected " + HEADER[headerLines] + ", found the end");
        }
        if (entries < header[ENTRIES]) {
            throw new InputException(file, "expected " + header[ENTRIES] + " entries as NNZ says, found " + entries);
        }
        starts = withRoom(starts, documents);
        starts[documents] = entries;
        return new Corpus((int) header[WORDS], Arrays.copyOf(starts, documents + 1), Arrays.copyOf(words, entries),
                Arrays.copyOf(counts, entries), (int) tokens);
    }
}
