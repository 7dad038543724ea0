package io.rubato.learn.ratings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.InputException;
import io.rubato.learn.TestData;
import io.rubato.learn.TextLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RatingsReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"\t", "::", ",", " ", "   "})
    void givesBackWhatWasWritten(final String separator) throws IOException {
        final Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            final int size = 1 + random.nextInt(3000);
            final String[] users = new String[size];
            final String[] items = new String[size];
            final float[] values = new float[size];
            final String end = random.nextBoolean() ? "\r\n" : "\n";
            final StringBuilder text = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
            if (random.nextBoolean()) {
                text.append(String.join(separator, "userId", "movieId", "rating")).append(end);
            }
            for (int i = 0; i < size; i++) {
                users[i] = id(random);
                items[i] = id(random);
                values[i] = random.nextInt(4) == 0 ? (float) random.nextGaussian() : random.nextInt(11) / 2f;
                text.append(String.join(separator, users[i], items[i], Float.toString(values[i])));
                text.append(random.nextBoolean() ? separator + "1112486027" : "").append(end);
                text.append(random.nextInt(20) == 0 ? end : "");
            }
            final byte[] plain = text.toString().getBytes(StandardCharsets.UTF_8);
            final Ratings ratings = read(random.nextBoolean() ? gzip(plain) : plain);
            assertArrayEquals(values, ratings.values());
            assertArrayEquals(users, named(ratings.users(), ratings.userIds()));
            assertArrayEquals(items, named(ratings.items(), ratings.itemIds()));
            assertArrayEquals(distinct(users), ratings.userIds());
            assertArrayEquals(distinct(items), ratings.itemIds());
        }
    }

    @Test
    void needsNoEndOfLineAtTheEnd() throws IOException {
        final Ratings ratings = read("  ann , up , 4 ,x\n\n \nbob,up,2.5");
        assertArrayEquals(new float[] {4, 2.5f}, ratings.values());
        assertArrayEquals(new String[] {"ann", "bob"}, ratings.userIds());
        assertArrayEquals(new int[] {0, 0}, ratings.items());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
            "''            | : expected at least one rating, found none",
            "'user,item,rating~' | : expected at least one rating, found none",
            "'1,2~'        | , line 1: expected user item rating",
            "'1,2,x~'      | , line 1: expected a number as rating in column 3, got 'x'",
            "'a,b,NaN~'    | , line 1: expected a finite number as rating in column 3, got 'NaN'",
            "'1 2 3~1 2~'  | , line 2: expected 3 or 4 columns (user item rating [timestamp])",
            "'1,2,3~1,2,3,4,5~' | , line 2: expected 3 or 4 columns (user item rating [timestamp])",
            "'1,2,3~1,2,five~'  | , line 2: expected a number as rating in column 3, got 'five'",
            "'1,2,3~~1,2,-inf~' | , line 3: expected a finite number as rating in column 3, got '-inf'",
            "'1,2,3~1,2,1e40~'  | , line 2: expected a finite number as rating in column 3, got '1e40'",
            "'1::2::3~::2::3~'  | , line 2: expected text as user in column 1, got nothing",
            "'1::2::3~1::::3~'  | , line 2: expected text as item in column 2, got nothing",
            "'1,2,3~1,2,~'      | , line 2: expected a number as rating in column 3, got ''"})
    void saysWhatIsWrong(final String text, final String message) throws IOException {
        assertRefused(text.substring(1, text.length() - 1).replace("~", "\n").getBytes(StandardCharsets.UTF_8),
                message);
    }

    @Test
    void refusesLongLinesAndBrokenText() throws IOException {
        assertRefused(
                ("1,2,3\n" + "9".repeat(TextLines.MAX_LINE_BYTES) + ",2,3\n").getBytes(StandardCharsets.UTF_8),
                ", line 2: expected at most 16384 bytes in a line");
        assertRefused("7".repeat(1 << 20).getBytes(StandardCharsets.UTF_8), ", line 1: expected at most 16384 bytes");
        assertRefused(new byte[] {'1', ',', (byte) 0xC3, ',', '3', '\n'}, ", line 1: expected UTF-8 text as item");
    }

    @Test
    void refusesWhatIsNoFile() {
        final InputException missing = assertThrows(InputException.class,
                () -> RatingsReader.read(folder.resolve("absent")));
        assertEquals(folder.resolve("absent") + ": no such file", missing.getMessage());
        final InputException directory = assertThrows(InputException.class, () -> RatingsReader.read(folder));
        assertEquals(folder + ": expected a file of ratings, found a directory", directory.getMessage());
    }

    @Test
    void refusesTruncatedAndCorruptGzip() throws IOException {
        final byte[] whole = gzip("1\t2\t3\n4\t5\t6\n".repeat(500).getBytes(StandardCharsets.UTF_8));
        assertEquals(1000, read(whole).size());
        for (int length = 2; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), ": expected readable text or gzip, but");
        }
        whole[whole.length - 6] ^= 1;
        assertRefused(whole, ": expected readable text or gzip, but after line ");
    }

    @Test
    void readsAllMembersOfAGzipOrNone() throws IOException {
        final byte[] member = gzip("1\t2\t3\n".repeat(100).getBytes(StandardCharsets.UTF_8));
        final byte[] both = Arrays.copyOf(member, 2 * member.length);
        System.arraycopy(member, 0, both, member.length, member.length);
        assertEquals(200, read(both).size());
        for (int length = member.length + 1; length < both.length; length++) {
            assertRefused(Arrays.copyOf(both, length), ": expected readable text or gzip, but after line ");
        }
        for (int header = 0; header < 3; header++) {
            both[member.length + header] ^= 1;
            assertRefused(both, ": expected readable text or gzip, but after line ");
            both[member.length + header] ^= 1;
        }
    }

    @Test
    void refusesWhatCanBeReadOnlyOnce() {
        final Path device = Path.of("/dev/null");
        assertEquals(device + ": expected a regular file: every process of a job reads it from its beginning",
                assertThrows(InputException.class, () -> RatingsReader.read(device)).getMessage());
    }

    @Test
    void survivesAnyBytes() throws IOException {
        final Random random = new Random(5);
        final byte[] alphabet = "0123456789.:,\t \r\n\n-+eEnaif\"\u00e4".getBytes(StandardCharsets.UTF_8);
        int accepted = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (round % 3 == 1) {
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = alphabet[(bytes[i] & 0xff) % alphabet.length];
                }
            } else if (round % 3 == 2) {
                bytes = "1,2,3\n41,52,3.5,99\n1,52,4\n".getBytes(StandardCharsets.UTF_8);
                bytes[random.nextInt(bytes.length)] = alphabet[random.nextInt(alphabet.length)];
            }
            try {
                final Ratings ratings = read(round % 5 == 0 ? gzip(bytes) : bytes);
                accepted++;
                for (int i = 0; i < ratings.size(); i++) {
                    assertTrue(Float.isFinite(ratings.values()[i]));
                    assertTrue(ratings.users()[i] < ratings.userIds().length);
                    assertTrue(ratings.items()[i] < ratings.itemIds().length);
                }
            } catch (final InputException e) {
                assertEquals(1, e.getMessage().lines().count(), e::getMessage);
            }
        }
        assertTrue(accepted > 100 && accepted < 1400, "accepted " + accepted);
    }

    @Test
    void readsRealFiles() {
        final Ratings tweets = RatingsReader.read(TestData.file("ratings/movietweetings-100k.tsv.gz"));
        assertEquals(List.of(100_000, 16_554, 10_506),
                List.of(tweets.size(), tweets.userIds().length, tweets.itemIds().length));
        final Ratings small = RatingsReader.read(TestData.file("ratings/ml-latest-small.tsv.gz"));
        assertEquals(List.of(100_004, 671, 9_066),
                List.of(small.size(), small.userIds().length, small.itemIds().length));
    }

    private void assertRefused(final byte[] bytes, final String message) throws IOException {
        final Path file = Files.write(folder.resolve("ratings"), bytes);
        final InputException refusal = assertThrows(InputException.class, () -> RatingsReader.read(file));
        assertTrue(refusal.getMessage().startsWith(file + message), refusal::getMessage);
    }

    private Ratings read(final String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Ratings read(final byte[] bytes) throws IOException {
        return RatingsReader.read(Files.write(folder.resolve("ratings"), bytes));
    }

    private static byte[] gzip(final byte[] bytes) throws IOException {
        final ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }

    private static String id(final Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Integer.toString(random.nextInt(100));
            case 1 -> "tt" + random.nextInt(1_000_000);
            default -> "\u00fc" + "AaBB".charAt(random.nextInt(4)) + "aB".charAt(random.nextInt(2)) + random.nextInt(9);
        };
    }

    private static String[] named(final int[] numbers, final String[] names) {
        return Arrays.stream(numbers).mapToObj(number -> names[number]).toArray(String[]::new);
    }

    private static String[] distinct(final String[] names) {
        final Set<String> set = new LinkedHashSet<>(List.of(names));
        return set.toArray(String[]::new);
    }
}
