/** What travels between processes; the messages are generated from {@code rubato.xml}. */
package io.rubato.protocol;
