package io.rubato.learn.ratings;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlantedRatingsTest {
    private static final PlantedRatings.Shape SHAPE = new PlantedRatings.Shape(400, 250, 60_000, 3, 0.5, 9);

    @Test
    void coversAllUsersAndItemsWithoutRepetition() {
        final Ratings ratings = PlantedRatings.generate(SHAPE).ratings();
        final Set<Long> pairs = new HashSet<>();
        final int[] perItem = new int[250];
        final boolean[] users = new boolean[400];
        for (int i = 0; i < ratings.size(); i++) {
            assertTrue(pairs.add(ratings.users()[i] * 1000L + ratings.items()[i]));
            perItem[ratings.items()[i]]++;
            users[ratings.users()[i]] = true;
        }
        for (final boolean seen : users) {
            assertTrue(seen);
        }
        Arrays.sort(perItem);
        assertTrue(perItem[0] > 0);
        assertTrue(perItem[249] > 1.5 * perItem[125], "the most popular item must stand out");
    }

    @Test
    void noiseHasTheDeviationThatIsTold() {
        final PlantedRatings noisy = PlantedRatings.generate(SHAPE);
        final PlantedRatings exact = PlantedRatings.generate(new PlantedRatings.Shape(400, 250, 60_000, 3, 0, 9));
        double squares = 0;
        for (int i = 0; i < 60_000; i++) {
            final double noise = noisy.ratings().values()[i] - exact.ratings().values()[i];
            squares += noise * noise;
        }
        assertEquals(noisy.noiseFloor(), Math.sqrt(squares / 60_000), 0.01);
        assertEquals(0, exact.noiseFloor());
    }

    @Test
    void theFileHoldsTheSameRatings(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("planted.tsv");
        final PlantedRatings planted = PlantedRatings.generate(SHAPE);
        planted.write(file);
        final Ratings read = RatingsReader.read(file);
        assertArrayEquals(planted.ratings().values(), read.values());
        for (int i = 0; i < read.size(); i++) {
            assertEquals(Integer.toString(planted.ratings().users()[i] + 1), read.userIds()[read.users()[i]]);
            assertEquals(Integer.toString(planted.ratings().items()[i] + 1), read.itemIds()[read.items()[i]]);
        }
    }

    @Test
    void refusesShapesThatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> new PlantedRatings.Shape(0, 5, 5, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new PlantedRatings.Shape(10, 10, 9, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new PlantedRatings.Shape(10, 10, 76, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new PlantedRatings.Shape(10, 10, 20, 1, Double.NaN, 1));
        assertEquals(75, PlantedRatings.generate(new PlantedRatings.Shape(10, 10, 75, 0, 0, 1)).ratings().size());
    }
}
