package io.rubato.simulator.check;

/**
 * Something that must not be.
 *
 * @param check   that objected
 * @param message one sentence: who, when, what was expected, what was found
 */
public record Violation(Check check, String message) {
    @Override
    public String toString() {
        return check + ": " + message;
    }
}
