/** The runtime inside a process that hosts workers: process cache, delta log, connections. */
package io.rubato.client;
