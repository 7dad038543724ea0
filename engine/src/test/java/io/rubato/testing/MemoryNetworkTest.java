package io.rubato.testing;

import io.rubato.port.Transport;
import io.rubato.port.TransportContract;
import java.util.List;

/** The fake network keeps the contract of the real ones. */
class MemoryNetworkTest extends TransportContract {
    private final MemoryNetwork network = new MemoryNetwork();

    @Override
    protected Transport open(final int number) {
        return network.open(Integer.toString(number));
    }

    @Override
    protected String address(final int number) {
        return "memory:" + number;
    }

    @Override
    protected void idle() {
        // Nothing happens here but what the test does itself.
    }

    @Override
    protected List<String> malformedAddresses() {
        return List.of("", "memory", "memory:", "aeron:ipc");
    }
}
