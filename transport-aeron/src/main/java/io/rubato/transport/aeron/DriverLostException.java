package io.rubato.transport.aeron;

import io.aeron.exceptions.DriverTimeoutException;
import java.io.Serial;
import java.nio.file.Path;
import org.agrona.concurrent.AgentTerminationException;

/**
 * The media driver is gone, or has given this process up; the transport will never send or receive again. It ends the
 * agent out of whose duty cycle it is thrown. The message is one line and names the driver's directory.
 */
public final class DriverLostException extends AgentTerminationException {
    @Serial
    private static final long serialVersionUID = 1L;

    private DriverLostException(final String message, final Throwable cause) {
        super(message, cause);
    }

    static DriverLostException absent(final Path directory, final long timeoutMs, final Throwable cause) {
        return new DriverLostException(
                "no media driver answers in " + directory + " (waited " + timeoutMs + " ms)", cause);
    }

    static DriverLostException lost(final Path directory, final Throwable cause) {
        return new DriverLostException(cause instanceof DriverTimeoutException
                ? "the media driver in " + directory + " is gone"
                : "the media driver in " + directory + " gave this process up, perhaps because it paused for too long: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
                cause);
    }
}
