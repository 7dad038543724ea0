package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a launched process reads of its command line. */
class LaunchedTest {
    @Test
    void onlyALauncherPutsItsOptionFirst() {
        assertTrue(Launched.is("worker", "--launched", "/run", "--index", "1"));
        assertFalse(Launched.is("worker", "--index", "1", "--launched", "/run"));
        assertFalse(Launched.is("train", "--launched", "/run"));
        assertFalse(Launched.is("WORKER", "--launched", "/run"));
        assertFalse(Launched.is("worker"));
        assertFalse(Launched.is());
    }

    @Test
    void anOptionHasOneValue() {
        final Launched given = Launched.parse("coordinator", "--launched", "/run", "--json", "--odd", "--commanded",
                "1700000000000", "--count", "3", "--idle", "yield");

        assertEquals(Path.of("/run"), given.runDirectory());
        assertFalse(given.has("--driver-pid"));
        assertEquals("--odd", given.text("--json"));
        assertEquals(1_700_000_000_000L, given.number("--commanded"));
        assertEquals(3, given.count("--count"));
        assertEquals(Idle.YIELD, given.idle());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "shard --launched /run                       | shard --launched: expected the option --index",
            "shard --launched /run --index               | shard --launched: expected a value after --index",
            "shard --launched /run --index one           | shard --index: expected a number, got 'one'",
            "shard --launched /run --index 3000000000    | shard --index: expected a smaller number, got 3000000000",
            "driver --launched /run --media-driver /m --idle spin --mtu 0 | driver --launched: unknown options [--mtu]"})
    void whatIsWrongIsNamed(final String arguments, final String message) {
        final String[] words = arguments.split(" ");

        assertEquals(message,
                assertThrows(UsageException.class, () -> Launched.parse(words).command()).getMessage());
        assertEquals(2, Program.run(words));
    }
}
