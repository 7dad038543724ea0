package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a JVM does without the project's flags for vectors; in a process of its own, as the choice is made once. */
class KernelSelectionTest {
    /** Adds with the best kernels there are; run by the tests in another JVM. */
    static final class Adder {
        private Adder() {
        }

        public static void main(final String[] args) {
            try (Arena arena = Arena.ofConfined()) {
                final MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3);
                RowKernels.BEST.add(ElementType.F32, row, 0, row, 0, 3);
                RowKernels.BEST.axpy(2, row, 0, row, 0, 3);
                final float dot = RowKernels.BEST.dot(row, 0, row, 0, 3);
                System.out.println(AddressKernels.BEST.getClass().getSimpleName() + " " + dot);
            }
        }
    }

    @Test
    void withoutTheModuleTheScalarKernelsServeAndOneLineSaysWhatToDo() throws Exception {
        final List<String> lines = OtherJvm.run(Adder.class);
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("start Java with --add-modules jdk.incubator.vector"), lines::toString);
        assertEquals("ScalarKernels 504.0", lines.get(1));
    }

    @Test
    void withoutVectorInstructionsTheScalarKernelsServeAndOneLineSaysWhatToDo() throws Exception {
        final List<String> lines =
                OtherJvm.run(Adder.class, "--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=8");
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("without -XX:MaxVectorSize"), lines::toString);
        assertEquals("ScalarKernels 504.0", lines.get(1));
    }
}
