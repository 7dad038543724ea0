/**
 * The ports through which the world comes in: transport and row store. Time comes in as Agrona's {@code NanoClock},
 * randomness as {@code RandomGenerator}.
 */
package io.rubato.port;
