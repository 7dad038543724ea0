package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a launched process reads of its command line. */
class LaunchedTest {
    @Test
    void onlyALauncherPutsItsOptionFirst() {
        assertTrue(Launched.is("worker", "--launched", "/run", "--index", "1"));
        assertFalse(Launched.is("worker", "--index", "1", "--launched", "/run"));
        assertFalse(Launched.is("worker"));
        assertFalse(Launched.is());
    }

    @Test
    void anOptionHasOneValueOrNone() {
        final Launched given = Launched.parse("coordinator", "--launched", "/run", "--embedded-driver", "--json", "-",
                "--commanded", "1700000000000", "--count", "3");

        assertEquals(Path.of("/run"), given.runDirectory());
        assertTrue(given.has("--embedded-driver"));
        assertFalse(given.has("--driver-pid"));
        assertEquals("-", given.text("--json"));
        assertEquals(1_700_000_000_000L, given.number("--commanded"));
        assertEquals(3, given.count("--count"));
    }

    @Test
    void whatIsMissingOrNoNumberIsNamed() {
        final Launched given = Launched.parse("worker", "--launched", "/run", "--index", "one");

        assertEquals("worker --launched expects the option --threads",
                assertThrows(UsageException.class, () -> given.count("--threads")).getMessage());
        assertEquals("worker --index: expected a number, got 'one'",
                assertThrows(UsageException.class, () -> given.count("--index")).getMessage());
        assertEquals(2, Program.run("shard", "--launched", "/run"));
    }
}
