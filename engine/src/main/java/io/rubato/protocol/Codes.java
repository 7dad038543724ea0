package io.rubato.protocol;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.protocol.sbe.ElementCode;
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
     * @param model of a table
     * @return its code
     */
    public static ModelCode encode(final Consistency.Model model) {
        return switch (model) {
            case BSP -> ModelCode.BSP;
            case SSP -> ModelCode.SSP;
            case ASP -> ModelCode.ASP;
        };
    }

    /**
     * From the wire.
     *
     * @param code      received
     * @param staleness received
     * @return the consistency model
     * @throws BadMessageException if it is none
     */
    public static Consistency decode(final ModelCode code, final int staleness) {
        return switch (code) {
            case BSP -> new Consistency(Consistency.Model.BSP, staleness);
            case SSP -> new Consistency(Consistency.Model.SSP, staleness);
            case ASP -> new Consistency(Consistency.Model.ASP, staleness);
            case NULL_VAL -> throw new BadMessageException("no consistency model");
        };
    }
}
