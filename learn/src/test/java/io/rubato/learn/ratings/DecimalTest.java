package io.rubato.learn.ratings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
    @Test
    void roundsAsTheLibraryDoes() {
        final Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            final String text = switch (i % 4) {
                case 0 -> Float.toString(random.nextFloat() * 10);
                case 1 -> Double.toString(random.nextGaussian());
                case 2 -> random.nextInt(10_000_000) / 100 + "." + random.nextInt(100);
                default -> String.format("%s%d.%0" + (1 + random.nextInt(9)) + "de%d", random.nextBoolean() ? "-" : "+",
                        random.nextInt(1000), random.nextInt(10), random.nextInt(60) - 30);
            };
            assertEquals(Float.parseFloat(text), parse(text), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "-", ".", "-.", "1f", "1d", "0x1p3", "1e", "1e+", "--1", "1.2.3", "1,5", "five",
            " 1", "1 ", "1_0", "NaN", "Infinity", "1e99", "-1e99", "99999999999999999999999999999999999999999"})
    void refusesWhatIsNoFiniteDecimal(final String text) {
        assertTrue(Float.isNaN(parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.", ".5", "-0", "+4", "00012", "1e-50", "16777217", "0.00000001"})
    void takesWhatIsOne(final String text) {
        assertEquals(Float.parseFloat(text), parse(text));
    }

    @Test
    void tellsNumbersThatAreNotFiniteFromOtherText() {
        assertTrue(Decimal.isSpecial("nan"));
        assertTrue(Decimal.isSpecial("-INF"));
        assertTrue(Decimal.isSpecial("1e99"));
        assertEquals(false, Decimal.isSpecial("nano"));
        assertEquals(false, Decimal.isSpecial("1e9"));
    }

    private static float parse(final String text) {
        final byte[] bytes = ("x" + text + "7").getBytes(StandardCharsets.UTF_8);
        return Decimal.parse(bytes, 1, bytes.length - 1);
    }
}
