package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.node.Idle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, with little to do. */
class WaitingCommandTest {
    @TempDir
    private Path directory;

    @Test
    void aWaitEndsAfterTheClockItWaitsFor() {
        final Map<String, Double> figures = WaitingFigures.measure(Idle.BACKOFF, Placement.FREE,
                new WaitingFigures.Effort(10, 20, 500, 100));
        assertTrue(figures.get("wake p50") <= figures.get("wake max"), figures.toString());
        assertTrue(figures.get("gate") > 0 && figures.get("push") > 0, figures.toString());
    }

    @Test
    void waysTakeTurns() throws Exception {
        final Path json = directory.resolve("waiting.json");
        assertEquals(0,
                BenchProgram.run("waiting", "--idle", "backoff,yield", "--placement", "free", "--warm-up", "10",
                        "--clocks",
                        "10", "--micros", "100", "--batch", "50", "--repeats", "1", "--json", json.toString()));
        final String text = Files.readString(json);
        for (final String name : new String[] {"backoff, free", "yield, free", "wake p99", "cores"}) {
            assertTrue(text.contains("\"" + name + "\""), name + " is not in " + text);
        }
    }
}
