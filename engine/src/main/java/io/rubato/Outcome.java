package io.rubato;

/**
 * How a job ended for one process.
 *
 * @param success whether every worker came to its end
 * @param reason  one sentence; names what failed if something did
 */
public record Outcome(boolean success, String reason) {
}
