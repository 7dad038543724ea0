package io.rubato.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmCommandTest {
    @TempDir
    private Path folder;

    @Test
    void workersGetTheirOwnFlagsAsWell() {
        final JvmCommand command = JvmCommand.create();

        assertTrue(command.workerFlags().contains("-XX:-TieredCompilation"), command.toString());
        assertTrue(command.of(Role.WORKER, List.of()).containsAll(command.workerFlags()), command.toString());
        for (final Role role : List.of(Role.COORDINATOR, Role.SHARD, Role.DRIVER)) {
            assertFalse(command.of(role, List.of()).contains("-XX:-TieredCompilation"), role.toString());
        }
    }

    @Test
    void aFlagMayBeTwoWords() throws IOException {
        final Path flags = Files.writeString(folder.resolve("jvm.options"), "# none\n");
        Files.writeString(folder.resolve(JvmCommand.WORKER_OPTIONS), "--add-exports java.base/java.lang=ALL-UNNAMED\n");

        assertTrue(JvmCommand.create(flags).of(Role.WORKER, List.of())
                .containsAll(List.of("--add-exports", "java.base/java.lang=ALL-UNNAMED")));
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        final Path flags = Files.writeString(folder.resolve("jvm.options"), "# none\n");

        final String message = assertThrows(UsageException.class, () -> JvmCommand.create(flags)).getMessage();

        assertTrue(message.contains("flags in " + folder.resolve(JvmCommand.WORKER_OPTIONS)), message);
    }
}
