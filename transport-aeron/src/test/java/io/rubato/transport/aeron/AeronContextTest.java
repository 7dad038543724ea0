package io.rubato.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AeronContextTest {
    private static final Path DIRECTORY = Path.of("/nowhere");

    private static AeronContext ipc() {
        return new AeronContext().directory(DIRECTORY).ipc(1);
    }

    private static AeronContext udp(final String host) {
        return new AeronContext().directory(DIRECTORY).udp(host, 0);
    }

    private static void refused(final String sentence, final AeronContext context) {
        final String message = assertThrows(IllegalArgumentException.class, context::conclude).getMessage();
        assertTrue(message.contains(sentence), message);
    }

    @Test
    void defaultsDependOnTheMedium() {
        assertEquals(32 * 1024 - 32, ipc().conclude().maxClaimLength());
        assertEquals(16 * 1024 - 32, udp("127.0.0.1").conclude().maxClaimLength());
        assertEquals(16 * 1024 - 32, udp("::1").conclude().maxClaimLength());
        assertEquals(1408 - 32, udp("192.0.2.1").conclude().maxClaimLength());
        assertEquals(8 * 1024 - 32, ipc().termLength(64 * 1024).conclude().maxClaimLength());
        assertEquals(65_504 - 32, ipc().mtu(65_504).conclude().maxClaimLength());
    }

    @Test
    void eachMistakeHasItsSentence() {
        refused("directory is missing", new AeronContext().ipc(1));
        refused("ipc and udp", new AeronContext().directory(DIRECTORY));
        refused("at least 1, not 0", new AeronContext().directory(DIRECTORY).ipc(0));
        refused("not 65536", new AeronContext().directory(DIRECTORY).udp("127.0.0.1", 65_536));
        refused("not -1", new AeronContext().directory(DIRECTORY).udp("127.0.0.1", -1));
        refused("'a|b' is not a host", udp("a|b"));
        refused("peers can send to", udp("0.0.0.0"));
        refused("peers can send to", udp("224.0.1.1"));
        refused("not 1000", ipc().termLength(1000));
        refused("not 32768", ipc().termLength(32 * 1024));
        refused("not 100", ipc().mtu(100));
        refused("not 32.", ipc().mtu(32));
        refused("not 16384", ipc().termLength(64 * 1024).mtu(16 * 1024));
        refused("not 131072", ipc().mtu(128 * 1024));
        refused("not 999", ipc().driverTimeoutMs(999));
        refused("not 60001", ipc().driverTimeoutMs(60_001));
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        final AeronContext context = new AeronContext().ipc(0).termLength(7);
        refused("directory", context);
        refused("endpoint", context);
        refused("term", context);
    }

    @Test
    void theDriversMistakesHaveTheirsToo() {
        final DriverContext context = new DriverContext().livenessTimeoutMs(1_999);
        final String message = assertThrows(IllegalArgumentException.class, context::conclude).getMessage();
        assertTrue(message.contains("directory is missing"), message);
        assertTrue(message.contains("not 1999"), message);
    }

    @Test
    void addressesSurviveARoundTrip() {
        for (final String text : List.of("ipc:1", "ipc:2147483647", "udp:127.0.0.1:1", "udp:[::1]:65535",
                "udp:a-b.example:4000")) {
            assertEquals(text, Address.parse(text).toString());
        }
    }
}
