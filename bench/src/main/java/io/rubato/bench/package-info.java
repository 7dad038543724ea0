/** Micro-benchmarks, run by {@code scripts/rubato bench jmh}, and measurements of processes and whole trainings. */
package io.rubato.bench;
