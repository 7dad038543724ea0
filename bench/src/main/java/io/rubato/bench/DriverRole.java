package io.rubato.bench;

import io.rubato.node.Idle;
import io.rubato.transport.aeron.Driver;
import io.rubato.transport.aeron.DriverContext;
import io.rubato.transport.aeron.DriverIdle;
import java.nio.file.Path;
import java.util.Map;

/** The media driver; answers once it is ready. It can be told to be brisk, for who sends as much as Aeron can. */
final class DriverRole implements ChildMain.Role {
    private final Driver driver;
    private volatile boolean isBrisk;

    DriverRole(final Path directory, final Idle idle) {
        driver = Driver.launch(new DriverContext().directory(Member.driver(directory)).livenessTimeoutMs(10_000)
                .networkIdleStrategy(idle.ofAgent(false))
                .localIdleStrategy(new DriverIdle(idle.ofCalmAgent(), idle.ofAgent(false), () -> isBrisk)));
    }

    @Override
    public Map<String, Double> on(final String... words) {
        switch (words[0]) {
            case "ready" -> {
            }
            case "brisk" -> isBrisk = true;
            case "calm" -> isBrisk = false;
            default ->
                throw new IllegalArgumentException("the driver at " + driver.directory() + " knows no " + words[0]);
        }
        return Map.of();
    }
}
