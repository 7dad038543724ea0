package io.rubato.simulator;

import org.agrona.concurrent.IdleStrategy;

/** How the workers of a simulated client wait: by giving the thread back. */
final class WorkerIdle implements IdleStrategy {
    private Node node;

    /** The client wants its workers' idle strategy before there is a node around it. */
    void of(final Node client) {
        node = client;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount == 0) {
            idle();
        } else {
            node.helped();
        }
    }

    @Override
    public void idle() {
        node.running().block();
    }

    @Override
    public void reset() {
        node.running().goesOn();
    }

    @Override
    public String alias() {
        return "suspend";
    }
}
