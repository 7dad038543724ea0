package io.rubato.learn.mf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Beside the library's sort of objects, which is stable too. */
class CountingSortTest {
    private static final int MOST = 200;

    @Test
    void sortsByTheKeyAndKeepsTheOrderOfEqualOnes() {
        final Random random = new Random(1);
        for (int size = 0; size < MOST; size++) {
            final int end = 1 + random.nextInt(MOST);
            final int[] keys = random.ints(size, 0, end).toArray();
            final int[] order = shuffled(size, random);

            assertArrayEquals(expected(order, keys), CountingSort.sort(order, keys, end));
            assertArrayEquals(expected(IntStream.range(0, size).toArray(), keys), CountingSort.sort(keys, end));
        }
    }

    private static int[] expected(final int[] order, final int[] keys) {
        return IntStream.of(order).boxed().sorted(Comparator.comparingInt(number -> keys[number]))
                .mapToInt(Integer::intValue).toArray();
    }

    private static int[] shuffled(final int size, final Random random) {
        final List<Integer> numbers = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        Collections.shuffle(numbers, random);
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
