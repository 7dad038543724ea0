package io.rubato.learn.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the arrays of a model back. */
public final class SavedModel {
    private SavedModel() {
    }

    /**
     * An array of f4.
     *
     * @param file    the array
     * @param columns of each row
     * @return its rows
     * @throws IOException if it cannot be read
     */
    public static float[][] rows(final Path file, final int columns) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        final float[][] rows = new float[bytes.remaining() / Float.BYTES / columns][columns];
        for (final float[] row : rows) {
            bytes.asFloatBuffer().get(row);
            bytes.position(bytes.position() + columns * Float.BYTES);
        }
        return rows;
    }

    /**
     * An array of i4.
     *
     * @param file    the array
     * @param columns of each row
     * @return its rows
     * @throws IOException if it cannot be read
     */
    public static int[][] intRows(final Path file, final int columns) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        final int[][] rows = new int[bytes.remaining() / Integer.BYTES / columns][columns];
        for (final int[] row : rows) {
            bytes.asIntBuffer().get(row);
            bytes.position(bytes.position() + columns * Integer.BYTES);
        }
        return rows;
    }
}
