package io.rubato.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.node.FailureException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, with little to do. */
class RowsCommandTest {
    @TempDir
    private Path directory;

    @Test
    void everythingIsMeasuredOverBothMedia() throws Exception {
        final Path json = directory.resolve("rows.json");
        assertEquals(0, BenchProgram.run("rows", "--rows", "200", "--columns", "16", "--batch", "150", "--clocks", "2",
                "--reads", "20", "--repeats", "1", "--mtu", "4096", "--json", json.toString()));
        final String text = Files.readString(json);
        for (final String name : new String[] {"push", "pull", "narrowPush", "narrowPull", "stream", "add",
                "pipeline", "read.p50", "ping.p99", "oneSidedRead.p50", "slabRead.copy", "coreDistanceNs"}) {
            assertTrue(text.contains("\"" + name + "\""), name + " is not in " + text);
        }
    }

    @Test
    void aProcessThatDiesEndsTheMeasurementAndLeavesNothing() {
        final LocalCluster cluster = new LocalCluster(Wire.of(false, 0), 1, 1);
        final Path files = cluster.directory();
        try (cluster) {
            cluster.askClients("table", ClientWork.ROWS, 1, 10, 4, 0);
            final Child shard = cluster.shards().getFirst();
            final CompletableFuture<ProcessHandle> end =
                    ProcessHandle.of(shard.pid()).orElseThrow().onExit();
            shard.close();
            end.join();
            assertTrue(cluster.clients().getFirst().residentBytes() > 1 << 20);
        }
        assertTrue(Files.notExists(files), files.toString());
    }

    @Test
    void anErrorOfAChildIsToldByItsName() {
        try (Child child = Child.start("learner", List.of(), List.of("bare"))) {
            final FailureException e =
                    assertThrows(FailureException.class, () -> child.ask("nonsense"));
            assertTrue(e.getMessage().startsWith("learner: ") && e.getMessage().contains("nonsense"), e.getMessage());
        }
    }
}
