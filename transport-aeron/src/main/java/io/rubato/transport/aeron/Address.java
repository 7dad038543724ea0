package io.rubato.transport.aeron;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an endpoint receives: {@code ipc:NUMBER} or {@code udp:HOST:PORT}.
 *
 * @param kind   of medium
 * @param host   name or literal address, IPv6 in brackets; empty for IPC
 * @param number stream id for IPC, port for UDP
 */
record Address(Kind kind, String host, int number) {
    static final int MAX_LENGTH = 256;

    private static final Pattern IPC = Pattern.compile("ipc:([1-9][0-9]{0,9})");
    // Nothing that could end the host inside an Aeron URI.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]*|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern UDP = Pattern.compile("udp:(" + HOST + "):([1-9][0-9]{0,4})");

    enum Kind {
        IPC, UDP
    }

    static Address parse(final String text) {
        if (text.length() <= MAX_LENGTH) {
            final Matcher ipc = IPC.matcher(text);
            if (ipc.matches() && Long.parseLong(ipc.group(1)) <= Integer.MAX_VALUE) {
                return new Address(Kind.IPC, "", Integer.parseInt(ipc.group(1)));
            }
            final Matcher udp = UDP.matcher(text);
            if (udp.matches() && Integer.parseInt(udp.group(2)) <= 65_535) {
                return new Address(Kind.UDP, udp.group(1), Integer.parseInt(udp.group(2)));
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not an address: expected ipc:NUMBER or udp:HOST:PORT");
    }

    static boolean isHost(final String host) {
        return HOST.matcher(host).matches() && host.length() <= MAX_LENGTH - "udp::65535".length();
    }

    @Override
    public String toString() {
        return kind == Kind.IPC ? "ipc:" + number : "udp:" + host + ":" + number;
    }
}
