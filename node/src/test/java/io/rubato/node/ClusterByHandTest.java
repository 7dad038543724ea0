package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.learn.ratings.PlantedRatings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The roles, each started by hand as on a cluster; the network is the loopback interface. */
class ClusterByHandTest {
    @TempDir
    private Path folder;

    @Test
    void rolesThatShareASecretFindTheCoordinatorAndTrain() throws IOException, InterruptedException {
        final Path ratings = folder.resolve("ratings.tsv");
        PlantedRatings.generate(new PlantedRatings.Shape(50, 40, 1_000, 2, 0.5, 1)).write(ratings);
        final String job = Files.writeString(folder.resolve("job"),
                "# by hand\nworkers = 1\nclocks = 4\none-sided = on\ndata = " + ratings + "\noption.rank = 4\n")
                .toString();
        final String secret =
                Files.writeString(folder.resolve("secret"), "0123456789abcdef".repeat(4) + "\n").toString();
        final String media = folder.resolve("media").toString();

        try (RunningProgram driver = RunningProgram.start("driver", "--media-driver", media);
                RunningProgram coordinator =
                        RunningProgram.start("coordinator", "--media-driver", media, "--secret", secret,
                                "--job", job, "--json", "-")) {
            coordinator.awaitErrorLine("coordinator at udp:127.0.0.1:");
            final String address = coordinator.err().lines().filter(line -> line.startsWith("coordinator at "))
                    .findFirst().orElseThrow().substring("coordinator at ".length());
            final String rows = folder.resolve("rows").toString();
            try (RunningProgram shard = RunningProgram.start("shard", "--media-driver", media, "--secret", secret,
                    "--coordinator", address, "--index", "0", "--store", rows);
                    RunningProgram worker = RunningProgram.start("worker", "--media-driver", media, "--secret", secret,
                            "--coordinator", address, "--index", "0", "--shard-store", rows)) {
                coordinator.awaitExit(0);
                shard.awaitExit(0);
                worker.awaitExit(0);
            }
            final Map<String, Object> json = Json.parse(coordinator.out());
            assertEquals(json.get("deltaRowsSent"), json.get("deltaRowsApplied"));
            assertTrue((Double) json.get("test") < 2, json.toString());
            assertTrue((Double) json.get("oneSidedReads") > 0, json.toString());

            RunningProgram.signal(driver.handle(), "TERM");
            driver.awaitExit(143);
        }
    }
}
