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
    void aMissingFileIsNamed() throws IOException {
        final Path flags = Files.writeString(folder.resolve("jvm.options"), "# none\n");
        final String before = System.setProperty(JvmCommand.OPTIONS_FILE, flags.toString());
        try {
            final String message = assertThrows(UsageException.class, JvmCommand::create).getMessage();

            assertTrue(message.contains(folder.resolve(JvmCommand.WORKER_OPTIONS).toString()), message);
        } finally {
            System.setProperty(JvmCommand.OPTIONS_FILE, before);
        }
    }
}
