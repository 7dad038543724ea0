package io.rubato.bench;

import io.rubato.node.Idle;
import io.rubato.transport.aeron.Driver;
import io.rubato.transport.aeron.DriverContext;
import java.nio.file.Path;
import java.util.Map;

/** The media driver; answers once it is ready. */
final class DriverRole implements ChildMain.Role {
    private final Driver driver;

    DriverRole(final Path directory, final Idle idle) {
        driver = Driver.launch(new DriverContext().directory(Member.driver(directory)).livenessTimeoutMs(10_000)
                .networkIdleStrategy(idle.ofAgent()).localIdleStrategy(idle.ofCalmAgent()));
    }

    @Override
    public Map<String, Double> on(final String... words) {
        if (!words[0].equals("ready")) {
            throw new IllegalArgumentException("the driver at " + driver.directory() + " knows no " + words[0]);
        }
        return Map.of();
    }
}
