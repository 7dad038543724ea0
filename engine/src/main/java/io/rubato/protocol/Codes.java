package io.rubato.protocol;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.protocol.sbe.BooleanCode;
import io.rubato.protocol.sbe.ConsistencyModelDecoder;
import io.rubato.protocol.sbe.ConsistencyModelEncoder;
import io.rubato.protocol.sbe.ElementCode;
import io.rubato.protocol.sbe.EncodingCode;
import io.rubato.protocol.sbe.ModelCode;

/** Translates between the API's enums and the wire's. */
public final class Codes {
    private Codes() {
    }

    /**
     * To the wire.
     *
     * @param type of elements
     * @return its code
     */
    public static ElementCode encode(final ElementType type) {
        return switch (type) {
            case F32 -> ElementCode.F32;
            case F64 -> ElementCode.F64;
            case I32 -> ElementCode.I32;
            case I64 -> ElementCode.I64;
        };
    }

    /**
     * From the wire.
     *
     * @param code received
     * @return the type
     * @throws BadMessageException if it is none
     */
    public static ElementType decode(final ElementCode code) {
        return switch (code) {
            case F32 -> ElementType.F32;
            case F64 -> ElementType.F64;
            case I32 -> ElementType.I32;
            case I64 -> ElementType.I64;
            case NULL_VAL -> throw new BadMessageException("no element type");
        };
    }

    /**
     * To the wire.
     *
     * @param encoding of rows
     * @return its code
     */
    public static EncodingCode encode(final Encoding encoding) {
        return switch (encoding) {
            case EXACT -> EncodingCode.EXACT;
            case BF16 -> EncodingCode.BF16;
        };
    }

    /**
     * From the wire.
     *
     * @param code received
     * @return the encoding
     * @throws BadMessageException if it is none
     */
    public static Encoding decode(final EncodingCode code) {
        return switch (code) {
            case EXACT -> Encoding.EXACT;
            case BF16 -> Encoding.BF16;
            case NULL_VAL -> throw new BadMessageException("no encoding");
        };
    }

    /**
     * To the wire.
     *
     * @param consistency of a table
     * @param code        to be filled in
     */
    public static void encode(final Consistency consistency, final ConsistencyModelEncoder code) {
        code.model(ModelCode.valueOf(consistency.model().name())).decaying(encode(consistency.isDecaying()))
                .peers(encode(consistency.sampling() == Consistency.Sampling.PEERS))
                .push(encode(consistency.isPushed())).staleness(consistency.staleness())
                .leastStaleness(consistency.leastStaleness()).sample(consistency.sample())
                .valueBound(consistency.valueBound());
    }

    /**
     * From the wire.
     *
     * @param code received
     * @return the consistency model
     * @throws IllegalArgumentException if it is none, as for any bad message
     */
    public static Consistency decode(final ConsistencyModelDecoder code) {
        if (code.model() == ModelCode.NULL_VAL) {
            throw new BadMessageException("no consistency model");
        }
        return new Consistency(Consistency.Model.valueOf(code.model().name()), code.staleness(), code.leastStaleness(),
                code.sample(), decode(code.peers()) ? Consistency.Sampling.PEERS : Consistency.Sampling.CENTRAL,
                code.valueBound(), decode(code.decaying()),
                decode(code.push()) ? Consistency.Propagation.PUSH : Consistency.Propagation.PULL);
    }

    private static BooleanCode encode(final boolean value) {
        return value ? BooleanCode.TRUE : BooleanCode.FALSE;
    }

    private static boolean decode(final BooleanCode code) {
        if (code == BooleanCode.NULL_VAL) {
            throw new BadMessageException("neither true nor false");
        }
        return code == BooleanCode.TRUE;
    }
}
