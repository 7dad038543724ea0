/** Vector clocks and the gate over them. */
package io.rubato.clock;
