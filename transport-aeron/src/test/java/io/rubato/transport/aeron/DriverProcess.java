package io.rubato.transport.aeron;

import java.nio.file.Path;

/** The driver as a process of its own: prints a line when it is ready. */
final class DriverProcess {
    private DriverProcess() {
    }

    public static void main(final String[] args) {
        Driver.run(new DriverContext().directory(Path.of(args[0])), _ -> System.out.println("ready"));
    }
}
