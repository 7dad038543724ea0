package io.rubato.transport.aeron;

import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/** How a driver's thread waits: in one way, or while it is to be brisk in another. For one thread. */
public final class DriverIdle implements IdleStrategy {
    private final IdleStrategy calm;
    private final IdleStrategy brisk;
    private final BooleanSupplier isBrisk;

    /**
     * Of two ways.
     *
     * @param calm    not used elsewhere
     * @param brisk   not used elsewhere
     * @param isBrisk asked each time on the driver's thread
     */
    public DriverIdle(final IdleStrategy calm, final IdleStrategy brisk, final BooleanSupplier isBrisk) {
        this.calm = calm;
        this.brisk = brisk;
        this.isBrisk = isBrisk;
    }

    private IdleStrategy chosen() {
        return isBrisk.getAsBoolean() ? brisk : calm;
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
