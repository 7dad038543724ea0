package io.rubato.transport.aeron;

import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;

/**
 * How a driver's thread waits: in one way while it serves processes of this machine only, which write to each other's
 * memory themselves, and in another from the moment that it carries something over a network.
 */
final class DriverIdle implements IdleStrategy {
    private final IdleStrategy network;
    private final BooleanSupplier isOnNetwork;
    private IdleStrategy chosen;

    DriverIdle(final IdleStrategy local, final IdleStrategy network, final BooleanSupplier isOnNetwork) {
        this.network = network;
        this.isOnNetwork = isOnNetwork;
        this.chosen = local;
    }

    @Override
    public void idle(final int workCount) {
        choose().idle(workCount);
    }

    @Override
    public void idle() {
        choose().idle();
    }

    @Override
    public void reset() {
        chosen.reset();
    }

    private IdleStrategy choose() {
        if (chosen != network && isOnNetwork.getAsBoolean()) {
            chosen = network;
        }
        return chosen;
    }
}
