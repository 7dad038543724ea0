/**
 * What the stress tests share. The tests themselves lie in the packages of what they test.
 */
package io.rubato.stress;
