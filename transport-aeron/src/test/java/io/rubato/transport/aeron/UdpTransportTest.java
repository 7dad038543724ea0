package io.rubato.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.port.Transport;
import io.rubato.port.TransportContract;
import io.rubato.port.UnreachableException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UdpTransportTest extends TransportContract {
    private static final String HOST = "127.0.0.1";

    private static Driver driver;

    private final Map<Integer, Integer> ports = new HashMap<>();

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
        return AeronTransport.open(new AeronContext().directory(driver.directory()).udp(HOST, port(number)));
    }

    @Override
    protected String address(final int number) {
        return "udp:" + HOST + ":" + port(number);
    }

    private int port(final int number) {
        return ports.computeIfAbsent(number, _ -> freePort());
    }

    /**
     * Below the range from which the system takes the senders' ports, so that none of them gets it before it is used.
     */
    private static int freePort() {
        while (true) {
            final int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
            try (DatagramSocket _ = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                return port;
            } catch (final IOException e) {
                // Taken: another one.
            }
        }
    }

    @Override
    protected List<String> malformedAddresses() {
        return List.of("", "udp", "udp:127.0.0.1", "udp:127.0.0.1:", "udp:127.0.0.1:0", "udp:127.0.0.1:65536",
                "udp::4000", "udp:a|b:4000", "udp:[::1:4000", "udp:127.0.0.1:4000|mtu=64",
                "ipc:1", "udp:" + "x".repeat(300) + ":1");
    }

    @Test
    void anUnknownHostEndsTheAgentThatNeedsIt() {
        try (Transport endpoint = open(0)) {
            final UnreachableException thrown = assertThrows(UnreachableException.class,
                    () -> endpoint.connect("udp:no.such.host.invalid:4000"));
            assertTrue(thrown.getMessage().startsWith("cannot send to udp:no.such.host.invalid:4000: "),
                    thrown.getMessage());
        }
    }
}
