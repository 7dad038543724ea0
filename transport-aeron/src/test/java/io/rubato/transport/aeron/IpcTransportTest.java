package io.rubato.transport.aeron;

import io.rubato.port.Transport;
import io.rubato.port.TransportContract;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class IpcTransportTest extends TransportContract {
    private static Driver driver;
    private static int lastUsed;

    private final int base = lastUsed += 100;

    @BeforeAll
    static void launch() throws IOException {
        driver = TestDriver.launch();
    }

    @AfterAll
    static void close() {
        driver.close();
    }

    @Override
    protected Transport open(final int number) {
        return AeronTransport.open(new AeronContext().directory(driver.directory()).ipc(base + number));
    }

    @Override
    protected String address(final int number) {
        return "ipc:" + (base + number);
    }

    @Override
    protected List<String> malformedAddresses() {
        return List.of("", "ipc", "ipc:", "ipc:0", "ipc:-1", "ipc:1 ", "ipc:2147483648", "ipc:99999999999999999999",
                "ipc:1|mtu=64", "udp:127.0.0.1:4000", "x".repeat(300));
    }
}
