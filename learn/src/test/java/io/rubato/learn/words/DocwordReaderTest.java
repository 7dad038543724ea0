package io.rubato.learn.words;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.InputException;
import io.rubato.learn.TestData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocwordReaderTest {
    @TempDir
    private Path folder;

    @Test
    void givesBackWhatWasWritten() throws IOException {
        final Random random = new Random(5);
        for (int round = 0; round < 30; round++) {
            final int vocabulary = 1 + random.nextInt(3000);
            final int[][] counts = new int[1 + random.nextInt(50)][vocabulary];
            final String end = random.nextBoolean() ? "\r\n" : "\n";
            final StringBuilder text = new StringBuilder();
            int entries = 0;
            for (int d = 0; d < counts.length; d++) {
                for (int i = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(60); i > 0; i--) {
                    final int word = random.nextInt(vocabulary);
                    if (counts[d][word] == 0) {
                        counts[d][word] = 1 + random.nextInt(9);
                        text.append(d + 1).append(' ').append(word + 1).append('\t').append(counts[d][word])
                                .append(end);
                        entries++;
                    }
                }
            }
            if (entries == 0) {
                continue;
            }
            final byte[] plain = (counts.length + end + vocabulary + end + entries + end + text)
                    .getBytes(StandardCharsets.UTF_8);
            final Corpus corpus = DocwordReader.read(file(random.nextBoolean() ? gzip(plain) : plain));
            final int[][] kept = Arrays.stream(counts).filter(each -> Arrays.stream(each).sum() > 0)
                    .toArray(int[][]::new);
            assertArrayEquals(kept, counts(corpus));
            assertEquals(Arrays.stream(corpus.frequencies()).sum(), corpus.tokens());
            assertArrayEquals(Arrays.stream(kept).mapToInt(each -> Arrays.stream(each).sum()).toArray(),
                    corpus.lengths());
        }
    }

    private static int[][] counts(final Corpus corpus) {
        final int[][] counts = new int[corpus.documents()][corpus.vocabulary()];
        for (int d = 0; d < counts.length; d++) {
            for (int i = corpus.starts()[d]; i < corpus.starts()[d + 1]; i++) {
                counts[d][corpus.words()[i]] += corpus.counts()[i];
            }
        }
        return counts;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "~                   | : expected the number of documents D, found the end",
            "2~3~                | : expected the number of entries NNZ, found the end",
            "two~3~1~1 1 1       | , line 1: expected the number of documents D, one whole number, got 'two'",
            "2~3 4~1~1 1 1       | , line 2: expected the number of words W, one whole number, got '3 4'",
            "2~0~1~1 1 1         | , line 2: expected the number of words W to be 1 to 67108864, got '0'",
            "2~3~99999999999~    | , line 3: expected the number of entries NNZ to be 1 to 2147483639, got",
            "2~3~9999999999999999999999~ | , line 3: expected the number of entries NNZ, one whole number, got",
            "2~3~-1~             | , line 3: expected the number of entries NNZ, one whole number, got '-1'",
            "2~3~1~1 1           | , line 4: expected three whole numbers: document word count, got '1 1'",
            "2~3~1~1 1 1 1       | , line 4: expected three whole numbers: document word count, got '1 1 1 1'",
            "2~3~1~1 1 1.5       | , line 4: expected three whole numbers: document word count, got '1 1 1.5'",
            "2~3~1~1,1,1         | , line 4: expected three whole numbers: document word count, got '1,1,1'",
            "2~3~1~3 1 1         | , line 4: expected a document from 1 to 2 as D says, got 3",
            "2~3~1~0 1 1         | , line 4: expected a document from 1 to 2 as D says, got 0",
            "2~3~1~~1 4 1        | , line 5: expected a word from 1 to 3 as W says, got 4",
            "2~3~1~1 1 0         | , line 4: expected a count from 1 to 2147483639, got 0",
            "2~3~1~1 1 2147483640 | , line 4: expected a count from 1 to 2147483639, got 2147483640",
            "2~3~2~1 1 2147483639~1 2 1 | , line 5: expected at most 2147483639 tokens in all",
            "2~3~2~1 1 1         | : expected 2 entries as NNZ says, found 1",
            "2~3~1~1 1 1~1 2 1   | , line 5: expected the end after 1 entries as NNZ says, found another",
            "2~3~2~2 1 1~1 1 1   | , line 5: expected entries ordered by document, found document 1 after 2",
            "2~3~2~1 3 1~1 3 1   | , line 5: expected each word once in a document, found word 3 of document 1 again"})
    void saysWhatIsWrong(final String content, final String problem) throws IOException {
        final Path file = file(content.replace('~', '\n').getBytes(StandardCharsets.UTF_8));
        final InputException refused = assertThrows(InputException.class, () -> DocwordReader.read(file));
        assertTrue(refused.getMessage().startsWith(file + problem), refused.getMessage());
        assertEquals(1, refused.getMessage().lines().count());
    }

    @Test
    void aHeaderCostsNoMemory() throws IOException {
        final Path file = file("2147483647\n67108864\n2147483639\n2147483647 1 1\n".getBytes(StandardCharsets.UTF_8));
        final InputException refused = assertThrows(InputException.class, () -> DocwordReader.read(file));
        assertEquals(file + ": expected 2147483639 entries as NNZ says, found 1", refused.getMessage());
    }

    @Test
    void aTruncatedGzipIsRefused() throws IOException {
        final StringBuilder text = new StringBuilder("1000\n10\n1000\n");
        for (int d = 1; d <= 1000; d++) {
            text.append(d).append(" 1 1\n");
        }
        final byte[] whole = gzip(text.toString().getBytes(StandardCharsets.UTF_8));
        for (int length = 1; length < whole.length; length += 97) {
            final Path file = file(Arrays.copyOf(whole, length));
            final InputException refused = assertThrows(InputException.class, () -> DocwordReader.read(file));
            assertEquals(1, refused.getMessage().lines().count());
        }
    }

    @Test
    void bytesAtRandomAreRefusedInOneLine() throws IOException {
        final Random random = new Random(9);
        final byte[] valid = "2\n3\n3\n1 1 1\n1 2 7\n2 3 1\n".getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 3000; round++) {
            final byte[] bytes = valid.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? random.nextInt() : '9');
            }
            try {
                assertTrue(DocwordReader.read(file(bytes)).tokens() > 0);
            } catch (final InputException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
    }

    @Test
    void aVocabularyHasAWordPerLine() throws IOException {
        final Path file = file("eins\nzwei\r\ndrei".getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(new String[] {"eins", "zwei", "drei"}, VocabularyReader.read(file, 3));
        assertMessage(file, 2, file + ", line 3: expected the end after 2 words, as many as the data has, found "
                + "another line");
        assertMessage(file, 4, file + ": expected 4 words, as many as the data has, found 3");
        file("eins\n\n".getBytes(StandardCharsets.UTF_8));
        assertMessage(file, 2, file + ", line 2: expected a word, found a blank line");
        file(new byte[] {'a', '\n', 'b', (byte) 0xff});
        assertMessage(file, 2, file + ", line 2: expected a word in UTF-8, got 'b\u00ff'");
    }

    private static void assertMessage(final Path file, final int words, final String message) {
        assertEquals(message,
                assertThrows(InputException.class, () -> VocabularyReader.read(file, words)).getMessage());
    }

    @Test
    void readsRealCorpora() {
        final Corpus kos = DocwordReader.read(TestData.file("corpora/docword.kos.txt.gz"));
        assertEquals(467_714, kos.tokens());
        assertEquals(3_430, kos.documents());
        assertEquals(6_906, VocabularyReader.read(TestData.file("corpora/vocab.kos.txt"), kos.vocabulary()).length);
    }

    @Test
    void aPlantedCorpusKeepsToItsTopics() throws IOException {
        final PlantedCorpus.Shape shape = new PlantedCorpus.Shape(50, 40, 33, 4, 1, 0, 1);
        final Path file = folder.resolve("planted");
        PlantedCorpus.generate(shape).write(file);
        final Corpus corpus = DocwordReader.read(file);
        assertEquals(50 * 40, corpus.tokens());
        for (final int[] document : counts(corpus)) {
            int topics = 0;
            for (int k = 0; k < 4; k++) {
                topics += Arrays.stream(document, PlantedCorpus.firstWord(shape, k), PlantedCorpus.firstWord(shape,
                        k + 1)).sum() > 0 ? 1 : 0;
            }
            assertEquals(1, topics);
        }
        assertThrows(IllegalArgumentException.class, () -> new PlantedCorpus.Shape(1, 1, 3, 4, 1, 0, 1));
    }

    private Path file(final byte[] content) throws IOException {
        return Files.write(folder.resolve("data"), content);
    }

    private static byte[] gzip(final byte[] plain) throws IOException {
        final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
