/** The transport port on Aeron, over shared memory or UDP, and the media driver that carries it. */
package io.rubato.transport.aeron;
