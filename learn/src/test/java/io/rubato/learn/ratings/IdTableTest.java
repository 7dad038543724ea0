package io.rubato.learn.ratings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdTableTest {
    private final IdTable table = new IdTable();
    private final Map<String, Integer> expected = new LinkedHashMap<>();

    /** Ids of few letters, so that many differ in their length or their last byte only; one letter is a zero byte. */
    @Test
    void idsAreNumberedInTheOrderOfTheirFirstAppearance() throws CharacterCodingException {
        final String[] letters = {"\0", "0", "a", "\u00ff", "\u65e5"};
        final Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            final StringBuilder id = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                id.append(letters[random.nextInt(letters.length)]);
            }
            number(id.toString());
        }
        assertArrayEquals(expected.keySet().toArray(), table.names());
    }

    /** "Aa" and "BB" are the same number to the base of 31. */
    @Test
    void longIdsWithTheSameHashAreToldApart() throws CharacterCodingException {
        for (int round = 0; round < 2; round++) {
            for (int bits = 0; bits < 1 << 5; bits++) {
                final StringBuilder id = new StringBuilder();
                for (int bit = 0; bit < 5; bit++) {
                    id.append((bits >> bit & 1) == 0 ? "Aa" : "BB");
                }
                number(id.toString());
            }
        }
        assertEquals(1 << 5, table.names().length);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        assertThrows(CharacterCodingException.class, () -> table.number(new byte[] {'a', (byte) 0xC3}, 0, 2));
        assertEquals(0, table.names().length);
    }

    private void number(final String id) throws CharacterCodingException {
        final byte[] bytes = (".." + id + "..").getBytes(StandardCharsets.UTF_8);
        final Integer known = expected.putIfAbsent(id, expected.size());
        assertEquals(known == null ? expected.size() - 1 : known, table.number(bytes, 2, bytes.length - 2));
    }
}
