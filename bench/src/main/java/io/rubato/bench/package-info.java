/** Micro-benchmarks, run by {@code scripts/bench}. */
package io.rubato.bench;
