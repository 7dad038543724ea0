/** Arithmetic on rows in off-heap memory, with the Vector API and as scalar loops. */
package io.rubato.kernel;
