package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What measurements print with, and what they compute with. */
class ReportTest {
    @TempDir
    private Path directory;

    @Test
    void figuresBecomeOneJsonObject() throws IOException {
        final Path file = directory.resolve("figures.json");
        final Report report = Report.to(file.toString());
        report.put("none", null);
        report.put("notFinite", Double.NaN);
        report.put("list", List.of(1, 2L, 2.5, true, "a\"b"));
        report.put("map", Map.of("key", 1));
        report.write();
        assertEquals("{\"none\":null,\"notFinite\":null,\"list\":[1,2,2.5,true,\"a\\\"b\"],\"map\":{\"key\":1}}",
                Files.readString(file).replaceAll("\\s", ""));
    }

    @Test
    void aDirectoryIsNoPlaceForJson() {
        assertThrows(IllegalArgumentException.class, () -> Report.to(directory.toString()));
    }

    @Test
    void columnsAreAlignedNumbersToTheRight() {
        final TextTable table = new TextTable("name", "ns", "verdict");
        table.row("a", "1.5", "met");
        table.row("longer", "10.25", "missed");
        assertEquals(List.of("name       ns  verdict", "a         1.5  met", "longer  10.25  missed"), table.lines());
        assertThrows(IllegalArgumentException.class, () -> table.row("too", "few"));
    }

    @Test
    void samplesAreComparedInPairs() {
        final Samples a = Samples.of(1, 8, 3);
        final Samples b = Samples.of(2, 4, 6);
        assertEquals(List.of(0.5, 2.0, 0.5), a.over(b).values());
        assertEquals(List.of(1.0, 4.0, 3.0), a.orLess(b).values());
        assertEquals(3, a.median());
        assertEquals(2, Samples.of(3, 1).median());
        assertEquals(1, a.min());
        assertEquals(8, a.max());
        assertThrows(IllegalArgumentException.class, () -> a.over(Samples.of(1)));
    }

    @Test
    void visitedRowsAreDistinctAndCounted() {
        for (final int tableRows : new int[] {1, 7, 1000, 10 * Rows.VISITS}) {
            final RowVisits visits = new RowVisits(tableRows);
            final Set<Integer> rows = new HashSet<>();
            for (int i = 0; i < visits.size(); i++) {
                rows.add(visits.visit());
                assertEquals(1, visits.count(i));
            }
            assertEquals(Math.min(tableRows, Rows.VISITS), rows.size());
            assertTrue(rows.stream().allMatch(row -> row >= 0 && row < tableRows));
            assertEquals(visits.row(0), visits.visit());
            assertEquals(2, visits.count(0));
        }
    }

    @Test
    void messagesAreAsLongAsTheMtuAllows() {
        final Wire wire = Wire.of(false, 0);
        assertEquals(62, wire.rowsPerBatch(ClientWork.spec(10, 128, 0)));
        assertTrue(wire.batchLength(ClientWork.spec(10, 128, 0)) <= wire.mtu() - 32);
        assertEquals(1, Wire.of(true, 256).rowsPerBatch(ClientWork.spec(10, 128, 0)));
        assertEquals(16384, Wire.of(true, 0).mtu());
    }

    @Test
    void whatADeadProcessLeftIsSweptAndTheRestIsNot() throws IOException {
        final long dead = deadPid();
        final Path left = Files.createDirectories(directory.resolve("rubato-bench-" + dead + "-1/store"));
        final Path living =
                Files.createDirectory(directory.resolve("rubato-bench-" + ProcessHandle.current().pid() + "-1"));
        final Path foreign = Files.createDirectory(directory.resolve("rubato-user-" + dead));
        TemporaryDirectory.sweep(directory);
        assertTrue(Files.notExists(left.getParent()));
        assertTrue(Files.exists(living) && Files.exists(foreign));
    }

    /** Beyond what the kernel hands out. */
    private static long deadPid() {
        return Integer.MAX_VALUE;
    }
}
