package io.rubato.simulator;

import io.rubato.port.Transport;
import io.rubato.port.TransportContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class SimulatedNetworkContractTest extends TransportContract {
    private final SimulatedTime time = new SimulatedTime();
    private final SimulatedNetwork network = new SimulatedNetwork(
            new NetworkModel(Distribution.exponential(3_000), 0, 0, Distribution.constant(0), 256, 1408, 1 << 17), 1,
            true, time, SimulatedNetworkTest.DEAF);

    @Override
    protected Transport open(final int number) {
        return network.open(NodeId.client(number));
    }

    @Override
    protected String address(final int number) {
        return SimulatedNetwork.address(NodeId.client(number));
    }

    @Override
    protected List<String> malformedAddresses() {
        return List.of("", "sim:", "client-0", "sim:" + "x".repeat(300));
    }

    @Override
    protected void idle() {
        time.moveTo(time.now() + 1_000);
    }

    @AfterEach
    void closeNetwork() {
        closeTransports();
        network.close();
    }
}
