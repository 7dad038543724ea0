package io.rubato.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Proofs that both sides of an admission know the job's secret: HMAC-SHA256 over who asks and a nonce. */
public final class Authenticator {
    /** Bytes of a proof. */
    public static final int MAC_LENGTH = 32;

    private final SecretKeySpec key;

    /**
     * For one job.
     *
     * @param secret at least 1 byte
     */
    public Authenticator(final byte[] secret) {
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /**
     * A member's proof.
     *
     * @param role    code of its role
     * @param index   within the role
     * @param nonce   chosen by the member
     * @param address where it receives
     * @return {@value #MAC_LENGTH} bytes
     */
    public byte[] join(final int role, final int index, final long nonce, final String address) {
        return mac("join", role, index, nonce, address);
    }

    /**
     * The coordinator's proof; it covers all that an admission says.
     *
     * @param role             code of the member's role
     * @param index            of the member
     * @param nonce            the member's
     * @param job              the member is admitted to
     * @param shards           of the job
     * @param clients          of the job
     * @param workersPerClient of the job
     * @param config           of the job
     * @return {@value #MAC_LENGTH} bytes
     */
    public byte[] admit(final int role, final int index, final long nonce, final long job, final int shards,
            final int clients, final int workersPerClient, final String config) {
        return mac("admit", role, index, nonce,
                job + " " + shards + " " + clients + " " + workersPerClient + " " + config);
    }

    /**
     * Compares two proofs in constant time.
     *
     * @param expected computed here
     * @param received from a peer
     * @return whether they are equal
     */
    public static boolean equal(final byte[] expected, final byte[] received) {
        return MessageDigest.isEqual(expected, received);
    }

    private byte[] mac(final String purpose, final int role, final int index, final long nonce, final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(purpose.getBytes(StandardCharsets.US_ASCII));
            mac.update(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(role).putInt(index).putLong(nonce)
                    .flip());
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
