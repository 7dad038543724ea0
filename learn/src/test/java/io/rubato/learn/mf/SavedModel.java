package io.rubato.learn.mf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the f4 arrays of a model back. */
final class SavedModel {
    private SavedModel() {
    }

    static float[][] rows(final Path file, final int columns) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(10 + bytes.getShort(8));
        final float[][] rows = new float[bytes.remaining() / Float.BYTES / columns][columns];
        for (final float[] row : rows) {
            bytes.asFloatBuffer().get(row);
            bytes.position(bytes.position() + columns * Float.BYTES);
        }
        return rows;
    }
}
