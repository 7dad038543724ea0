package io.rubato.learn.words;

import io.rubato.learn.InputException;
import io.rubato.learn.TextLines;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a vocabulary: the words in the order of their numbers, one a line, in UTF-8, plain or gzipped. */
public final class VocabularyReader {
    private VocabularyReader() {
    }

    /**
     * Reads a whole file.
     *
     * @param file  plain or gzipped
     * @param words how many there must be
     * @return the words
     * @throws InputException naming file, line and what was expected
     */
    public static String[] read(final Path file, final int words) {
        final List<String> found = new ArrayList<>();
        TextLines.read(file, "a file of words", (line, bytes, from, to) -> {
            if (found.size() == words) {
                throw new InputException(file, line,
                        "expected the end after " + words + " words, as many as the data has, found another line");
            }
            if (TextLines.isBlank(bytes, from, to)) {
                throw new InputException(file, line, "expected a word, found a blank line");
            }
            found.add(text(file, line, ByteBuffer.wrap(bytes, from, to - from).slice()));
        });
        if (found.size() < words) {
            throw new InputException(file,
                    "expected " + words + " words, as many as the data has, found " + found.size());
        }
        return found.toArray(String[]::new);
    }

    private static String text(final Path file, final long line, final ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().strip();
        } catch (final CharacterCodingException e) {
            throw new InputException(file, line, "expected a word in UTF-8, got "
                    + InputException.quote(StandardCharsets.ISO_8859_1.decode(bytes.rewind()).toString()));
        }
    }
}
