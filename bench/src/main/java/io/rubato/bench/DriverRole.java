package io.rubato.bench;

import io.rubato.node.Idle;
import io.rubato.transport.aeron.Driver;
import io.rubato.transport.aeron.DriverContext;
import java.nio.file.Path;
import java.util.Map;
import org.agrona.concurrent.IdleStrategy;

/** The media driver; answers once it is ready. It can be told to be brisk, for who sends as much as Aeron can. */
final class DriverRole implements ChildMain.Role {
    private final Driver driver;
    private volatile boolean isBrisk;

    /** Waits as a driver of the program does, or as one on a network while it is to be brisk. */
    private final class Either implements IdleStrategy {
        private final IdleStrategy calm;
        private final IdleStrategy brisk;

        private Either(final Idle idle) {
            calm = idle.ofCalmAgent();
            brisk = idle.ofAgent();
        }

        private IdleStrategy chosen() {
            return isBrisk ? brisk : calm;
        }

        @Override
        public void idle(final int workCount) {
            chosen().idle(workCount);
        }

        @Override
        public void idle() {
            chosen().idle();
        }

        @Override
        public void reset() {
            chosen().reset();
        }
    }

    DriverRole(final Path directory, final Idle idle) {
        driver = Driver.launch(new DriverContext().directory(Member.driver(directory)).livenessTimeoutMs(10_000)
                .networkIdleStrategy(idle.ofAgent()).localIdleStrategy(new Either(idle)));
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
